/** The list that a code lens opens: what can be done with the changes of its line. */

import { QuickPickItemKind, commands, window, type QuickPickItem } from "vscode";

import type { ChangeView, ReviewArgument, RunView } from "../protocol";
import { count } from "../words";

export type Choice = QuickPickItem & { run?: () => unknown; change?: ChangeView };

/** Opens the difference of a result that waits. */
type OpenDifference = (run: RunView) => unknown;

/** Ask what to do with some changes of a run, or with its result that waits. */
export async function pickAnswer(
  run: RunView,
  { hunks }: Pick<ReviewArgument, "hunks">,
  openDifference: OpenDifference,
): Promise<void> {
  const changes = run.changes.filter(({ number }) => hunks.includes(number));
  const [only] = changes;
  if (only === undefined) await pick(waitingChoices(run, openDifference), `${run.file}: result`);
  else if (changes.length === 1) await pick(changeChoices(run, only), only.title);
  else await pickChange(run, changes);
}

async function pickChange(run: RunView, changes: readonly ChangeView[]): Promise<void> {
  const picked = await pick(
    lineChoices(run, changes),
    `${count(changes.length, "change")} in this line`,
  );
  if (picked?.change) await pick(changeChoices(run, picked.change), picked.change.title);
}

async function pick(choices: Choice[], title: string): Promise<Choice | undefined> {
  const placeHolder = "Choose with the arrow keys and Enter; Escape leaves everything as it is.";
  const picked = await window.showQuickPick(choices, { title, placeHolder });
  await picked?.run?.();
  return picked;
}

const answer = (command: string, argument: object) => (): Thenable<unknown> =>
  commands.executeCommand(command, argument);

/** What can be done with one change. */
export function changeChoices(run: RunView, change: ChangeView): Choice[] {
  const named = { runId: run.runId, hunk: change.number };
  return [
    { label: "$(check) Keep", detail: change.after, run: answer("selfRefine.accept", named) },
    { label: "$(discard) Revert", detail: change.before, run: answer("selfRefine.revert", named) },
    {
      label: "$(question) Why?",
      detail: change.answers.join(" "),
      run: answer("selfRefine.explain", { uri: run.uri, ...named }),
    },
  ];
}

/** The changes of a line, and both answers for all of them. */
export function lineChoices(run: RunView, changes: readonly ChangeView[]): Choice[] {
  const each = (command: string) => async (): Promise<void> => {
    for (const { number } of changes) {
      await commands.executeCommand(command, { runId: run.runId, hunk: number });
    }
  };
  const these = count(changes.length, "change");
  return [
    ...changes.map((change): Choice => ({
      label: change.title,
      detail: change.answers.join(" "),
      change,
    })),
    { label: "", kind: QuickPickItemKind.Separator },
    { label: `$(check) Keep these ${these}`, run: each("selfRefine.accept") },
    { label: `$(discard) Revert these ${these}`, run: each("selfRefine.revert") },
  ];
}

/** What can be done with a result that is not in the text. */
export function waitingChoices(run: RunView, openDifference: OpenDifference): Choice[] {
  return [
    {
      label: "$(diff) Show the difference",
      detail: run.whyWaiting,
      run: () => openDifference(run),
    },
    { label: "$(check) Accept", run: answer("selfRefine.accept", { runId: run.runId }) },
    { label: "$(discard) Discard", run: answer("selfRefine.revert", { runId: run.runId }) },
  ];
}
