/**
 * Owns telling what the user starts from what another extension starts.
 *
 * The language client registers the server's commands, and VS Code does not say who calls one. So what
 * our own commands send, and the actions that were offered for what the user has selected, carry a
 * mark; whatever comes without it is asked about.
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

import { Uri, window, type CodeAction, type Command, type Range, type TextDocument } from "vscode";

const STARTS: readonly string[] = [
  "selfRefine.refine",
  "selfRefine.critique",
  "selfRefine.generate",
];

/** Of this window; never leaves it. */
const secret = randomBytes(32);

/** Whether a command begins a run. */
export function isStart(command: string): boolean {
  return STARTS.includes(command);
}

/** The mark of one command with one argument; of another text or range it says nothing. */
export function markOf(command: string, argument: unknown): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([command, argument]))
    .digest("hex");
}

/** Whether a mark was made here, for this command with this argument. */
export function isMarked(command: string, argument: unknown, mark: unknown): boolean {
  if (typeof mark !== "string") return false;
  const expected = Buffer.from(markOf(command, argument));
  const given = Buffer.from(mark);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Mark the actions that begin a run, where they are for what is selected in the editor in front. Another
 * extension can ask for actions as well, for any stretch of any text.
 */
export function marked<T extends Command | CodeAction>(
  actions: readonly T[],
  document: TextDocument,
  range: Range,
): T[] {
  const editor = window.activeTextEditor;
  const chosen = editor?.document === document && editor.selection.isEqual(range);
  if (chosen) for (const action of actions) mark(action);
  return [...actions];
}

function mark(action: Command | CodeAction): void {
  const given = typeof action.command === "string" ? (action as Command) : action.command;
  if (given === undefined || !isStart(given.command)) return;
  const argument: unknown = given.arguments?.[0];
  given.arguments = [argument, markOf(given.command, argument)];
}

const START = "Start the Run";
const VERBS: Record<string, string> = {
  "selfRefine.refine": "refine",
  "selfRefine.critique": "judge",
  "selfRefine.generate": "write",
};

/** Ask about a run that came without a mark. A question that cannot be shown allows nothing. */
export async function isAllowed(command: string, argument: unknown): Promise<boolean> {
  const message = `Another extension wants Self-Refine to ${VERBS[command] ?? "work on"} ${nameOf(argument)}.`;
  const detail =
    "This run was not started by a command or an action of Self-Refine. It would send the text to the model that is set, or to the editor's own.";
  try {
    return (await window.showWarningMessage(message, { modal: true, detail }, START)) === START;
  } catch {
    return false;
  }
}

function nameOf(argument: unknown): string {
  const uri = (argument as { uri?: unknown } | null | undefined)?.uri;
  const name = typeof uri === "string" ? Uri.parse(uri).path.split("/").at(-1) : undefined;
  return name ? `text of ${name.slice(0, 80)}` : "a text";
}
