/** Which command is which function. `selfRefine.NAME` are the server's; ours are `selfRefine.ui.NAME`. */

import {
  Range,
  commands,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
} from "vscode";
import type { Range as ProtocolRange } from "vscode-languageclient/node";

import { reason, tell, tellFailure } from "./messages";
import type { Models } from "./models/editorModels";
import type { Answers } from "./review/answers";
import type { Differences } from "./review/differences";
import type { Pages } from "./review/pages";
import { newCriteria, openExample, refineExample } from "./runs/example";
import type { Runs } from "./runs/runs";
import { start, startWith } from "./runs/startRun";
import { testConnection } from "./server/doctor";
import { removeKey, setKey } from "./server/key";
import type { Server } from "./server/server";

export interface Parts {
  context: ExtensionContext;
  log: LogOutputChannel;
  runs: Runs;
  models: Models;
  pages: Pages;
  server: Server;
  answers: Answers;
  differences: Differences;
}

type Command = (given: unknown, more: unknown) => unknown;

export function registerCommands(parts: Parts): Disposable[] {
  const { context, log, runs, models, pages, server, answers, differences } = parts;
  const table: Record<string, Command> = {
    refine: () => start(server, "refine"),
    refineWith: () => startWith(server),
    critique: () => start(server, "critique"),
    generate: () => start(server, "generate"),
    cancel: (given) => onRun("selfRefine.cancel", answers.runOf(given, "running")?.runId),
    difference: async (given) => {
      const run = answers.runOf(given, "waiting");
      if (run) await differences.open(run);
    },
    nextChange: () => {
      answers.go("next");
    },
    previousChange: () => {
      answers.go("previous");
    },
    keep: (given) => answers.keep(given),
    revert: (given) => answers.revert(given),
    keepAll: () => answers.keepAll(),
    revertAll: () => answers.revertAll(),
    why: (given) => answers.why(given),
    accept: (given) => answers.accept(given),
    discard: (given) => answers.discard(given),
    reveal: (given, range) => reveal(server, given, range),
    trace: (given) =>
      onRun("selfRefine.showTrace", (answers.runOf(given, "landed") ?? runs.all()[0])?.runId),
    whichCriteria: () => whichCriteria(server),
    clear: () => commands.executeCommand("selfRefine.clear", {}),
    chooseModel: () => models.choose(),
    setKey: () => setKey(context.secrets),
    removeKey: () => removeKey(context.secrets),
    doctor: () => testConnection(server, runs, pages, log),
    restart: () => server.restart(),
    showLogs: () => {
      log.show();
    },
    openExample: () => openExample(context),
    refineExample: () => refineExample(context, server),
    newCriteria: () => newCriteria(context),
    getStarted: () =>
      commands.executeCommand(
        "workbench.action.openWalkthrough",
        `${context.extension.id}#start`,
        false,
      ),
  };
  for (const [name, as] of Object.entries(AGAIN)) table[name] = table[as] ?? noCommand;
  return Object.entries(table).map(([name, command]) =>
    commands.registerCommand(`selfRefine.ui.${name}`, async (given: unknown, more: unknown) => {
      try {
        await command(given, more);
      } catch (error) {
        tellFailure(log, `Self-Refine could not do that: ${reason(error)}.`);
      }
    }),
  );
}

/**
 * The same commands again: with an icon for rows of the view, and without a key for title bars, where
 * VS Code would write the key beside the word.
 */
const AGAIN: Readonly<Record<string, string>> = {
  cancelRun: "cancel",
  acceptRun: "accept",
  discardRun: "discard",
  keepChange: "keep",
  revertChange: "revert",
  whyChange: "why",
  cancelButton: "cancel",
  keepAllButton: "keepAll",
  revertAllButton: "revertAll",
  acceptButton: "accept",
  discardButton: "discard",
};

function noCommand(): void {
  // Every name in AGAIN is in the table; a test holds it.
}

async function onRun(command: string, runId: string | undefined): Promise<void> {
  if (runId === undefined) tell("There is no such run of Self-Refine.");
  else await commands.executeCommand(command, { runId });
}

async function whichCriteria(server: Server): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined || server.client() === undefined) return;
  await commands.executeCommand("selfRefine.explain", { uri: server.address(document.uri) });
}

/** Go to the words of a tree item; ranges are the protocol's. */
async function reveal(server: Server, uri: unknown, range: unknown): Promise<void> {
  const converter = server.client()?.protocol2CodeConverter;
  if (converter === undefined || typeof uri !== "string") return;
  const document = await workspace.openTextDocument(converter.asUri(uri));
  const place = converter.asRange(range as ProtocolRange).start;
  await window.showTextDocument(document, { selection: new Range(place, place) });
}
