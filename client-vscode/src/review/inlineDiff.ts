/** How pending changes look in the text: which stretch is drawn how, and what is said of it. Pure. */

import { cut } from "../words";
import type { Part, Pending, Stretch } from "./pending";

/** One decoration: new words that are tinted, with the old ones struck through in front of them. */
export interface Drawn extends Stretch {
  /** The old words as they are shown; "" where nothing was replaced. */
  ghost: string;
  /** Whether the new text has words here; where not, the old ones were only taken out. */
  isNew: boolean;
}

/** Most code points of old words that are shown in the line; the hover has all of them. */
export const MOST = 80;

/** What is drawn of the changes of a document. */
export function drawn(changes: readonly Pending[]): Drawn[] {
  return changes.flatMap(({ parts }) => parts.map(drawnPart)).filter(isSeen);
}

function drawnPart({ start, end, before }: Part): Drawn {
  return { start, end, ghost: ghostOf(before), isNew: end > start };
}

function isSeen({ ghost, isNew }: Drawn): boolean {
  return isNew || ghost !== "";
}

/**
 * Old words as one line of ghost text. Line breaks are marked; blanks are no-break spaces, for those at
 * the ends would not be seen.
 */
export function ghostOf(before: string, most = MOST): string {
  const line = before.replace(/\r\n?|\n/gu, "⏎").replace(/\t/gu, "  ");
  return cut(line, most).replace(/ /gu, "\u00a0");
}

/** "Change 2 of 5: …", for the status bar and for screen readers. */
export function announced(changes: readonly Pending[], change: Pending): string {
  const at = changes.findIndex(
    ({ runId, number }) => runId === change.runId && number === change.number,
  );
  return `Change ${at + 1} of ${changes.length}: ${change.title}`;
}

/** What is left after an answer. */
export function leftOver(verb: "Kept" | "Reverted", left: number): string {
  if (left === 0) return `${verb}. No change is left to review.`;
  return `${verb}. ${left === 1 ? "1 change is" : `${left} changes are`} left to review.`;
}
