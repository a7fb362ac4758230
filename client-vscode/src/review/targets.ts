/** What a review command is about: a tree item, a link of a hover, the difference at hand, the cursor. */

import { Uri, window, type TextEditor } from "vscode";

import type { RunView } from "../protocol";
import type { Runs } from "../runs/runs";
import type { Node } from "../views/nodes";
import { runOfResult } from "./pages";
import { meant, type Pending } from "./pending";

/** A change by its number in a run. */
export interface Named {
  runId: string;
  hunk: number;
}

/** A tree item that a command was called on. */
export function nodeOf(given: unknown): Node | undefined {
  return typeof given === "object" && given !== null && "kind" in given && "run" in given
    ? (given as Node)
    : undefined;
}

/** The change that a tree item or a link names; undefined where the cursor says which. */
export function namedChange(given: unknown): Named | undefined {
  const node = nodeOf(given);
  if (node?.kind === "change") return { runId: node.run.runId, hunk: node.change.number };
  const { runId, hunk } = (given ?? {}) as { runId?: unknown; hunk?: unknown };
  return typeof runId === "string" && typeof hunk === "number" ? { runId, hunk } : undefined;
}

/** The change at the cursor, else the first one in its line. */
export function changeAtCursor(
  editor: TextEditor,
  changes: readonly Pending[],
): Pending | undefined {
  const { document, selection } = editor;
  const line = document.lineAt(selection.active.line).range;
  return meant(changes, document.offsetAt(selection.active), {
    start: document.offsetAt(line.start),
    end: document.offsetAt(line.end),
  });
}

/** The run that a command is about: a tree item, the difference at hand, or the newest in a state. */
export function runOf(
  runs: Runs,
  given: unknown,
  state: RunView["state"],
  uri: string | undefined,
): RunView | undefined {
  const named =
    nodeOf(given)?.run.runId ??
    (given instanceof Uri ? runOfResult(given) : undefined) ??
    runOfResult(window.activeTextEditor?.document.uri);
  return named === undefined ? runs.newest(state, uri) : runs.get(named);
}
