/** Owns the titles of lenses where several changes share a line: each then names its words. Pure. */

import type { ChangeView, RunView } from "../protocol";

/** What of VS Code's lens is looked at. */
export interface Lens {
  range: { start: { line: number } };
  command?: { title: string; command: string; arguments?: unknown[] } | undefined;
}

const MOST = 24;

/** Give the lenses of changes that share a line titles that tell them apart. */
export function named<T extends Lens>(
  lenses: readonly T[],
  runOf: (runId: string) => RunView | undefined,
): T[] {
  const kept: T[] = [];
  for (const lens of lenses) {
    const change = changeOf(lens, runOf);
    if (change !== undefined && lens.command && isShared(lens, lenses)) {
      lens.command = { ...lens.command, title: titleOf(lens.command, change) };
    }
    kept.push(lens);
  }
  return kept;
}

function changeOf(
  lens: Lens,
  runOf: (runId: string) => RunView | undefined,
): ChangeView | undefined {
  const { runId, hunk } = argumentOf(lens);
  if (typeof runId !== "string") return undefined;
  return runOf(runId)?.changes.find((change) => change.number === hunk);
}

function argumentOf(lens: Lens): { runId?: unknown; hunk?: unknown } {
  return lens.command?.arguments?.[0] ?? {};
}

/** Whether another change has its lenses above the same line. */
function isShared(lens: Lens, lenses: readonly Lens[]): boolean {
  const { hunk } = argumentOf(lens);
  const { line } = lens.range.start;
  return lenses.some((other) => {
    const of = argumentOf(other).hunk;
    return other.range.start.line === line && typeof of === "number" && of !== hunk;
  });
}

function titleOf(
  { command, title }: { command: string; title: string },
  change: ChangeView,
): string {
  switch (command) {
    case "selfRefine.accept":
      if (change.after.trim()) return `Keep ${quoted(change.after)}`;
      return change.before.trim() ? `Keep without ${quoted(change.before)}` : title;
    case "selfRefine.revert":
      if (change.before.trim()) return `Revert to ${quoted(change.before)}`;
      return change.after.trim() ? `Take out ${quoted(change.after)}` : title;
    default:
      return title;
  }
}

function quoted(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  return `“${line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line}”`;
}
