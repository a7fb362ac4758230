/** Owns wiring: what the extension has, and which command is which function. */

import {
  ExtensionMode,
  commands,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  type SecretStorage,
} from "vscode";
import {
  WorkDoneProgressCancelNotification,
  type Range as ProtocolRange,
} from "vscode-languageclient/node";

import { testConnection } from "./server/doctor";
import { newCriteria, openExample, refineExample } from "./runs/example";
import { start, startWith } from "./runs/startRun";
import { removeKey, setKey } from "./server/key";
import { createLog, reason, tellFailure } from "./log";
import { Models } from "./models/editorModels";
import { Pages } from "./review/pages";
import { RunProgress } from "./runs/progress";
import { Review, decideChange } from "./review/review";
import { Runs } from "./runs/runs";
import { KEY, Server } from "./server/server";
import { ANY_KEYS, SECTION, START_KEYS, USER_KEYS, userText } from "./settings";
import { markOf } from "./runs/starts";
import { Status } from "./views/status";
import { createTree } from "./views/tree";

/** What tests of the extension look at. */
export interface Api {
  server: Server;
  runs: Runs;
  secrets: SecretStorage;
  markOf: typeof markOf;
}

export function activate(context: ExtensionContext): Api | undefined {
  const log = createLog();
  const runs = new Runs();
  const models = new Models(context.globalState, log);
  const pages = new Pages();
  const status = new Status(runs);
  const progress = new RunProgress({
    cancel: (token) => {
      void server.client()?.sendNotification(WorkDoneProgressCancelNotification.type, { token });
    },
    stage: (runId, message) => {
      runs.stage(runId, message);
    },
  });
  const server = new Server({
    context,
    log,
    runs,
    models,
    say: (said) => {
      status.set(said);
    },
    hooks: {
      progress,
      runOf: (runId) => runs.get(runId),
      began: (runId) => {
        runs.began(runId);
      },
      page: (command, page) => {
        void pages.read(command === "selfRefine.showTrace" ? "Trace" : "Explanation", page);
      },
      explained: ({ runId, hunk }) => {
        const run = typeof runId === "string" ? runs.get(runId) : undefined;
        if (run?.state !== "waiting" || typeof hunk === "number") return false;
        void review.difference(run);
        return true;
      },
      ended: () => {
        progress.endAll();
      },
    },
  });
  const review = new Review(server, runs, pages);

  context.subscriptions.push(
    log,
    status,
    server,
    ...pages.register(),
    ...createTree(runs),
    runs.onChange((run) => {
      if (run) void review.follow(run);
    }),
    runs.onForgotten((runId) => {
      review.forget(runId);
    }),
    ...registerCommands({ context, log, runs, models, pages, server, review }),
    ...followChanges(context, server),
  );
  void server.start();
  // Other extensions get nothing: the server takes an endpoint from whoever holds its client.
  return context.extensionMode === ExtensionMode.Test
    ? { server, runs, secrets: context.secrets, markOf }
    : undefined;
}

/** The server ends with the window: its client is among the subscriptions. */
export function deactivate(): void {
  // Nothing is left to do.
}

interface Parts {
  context: ExtensionContext;
  log: LogOutputChannel;
  runs: Runs;
  models: Models;
  pages: Pages;
  server: Server;
  review: Review;
}

type Command = (given: unknown, more: unknown) => unknown;

/** `selfRefine.NAME` are the server's, registered by its client; ours are `selfRefine.ui.NAME`. */
function registerCommands(parts: Parts): Disposable[] {
  const { context, log, runs, models, pages, server, review } = parts;
  const table: Record<string, Command> = {
    refine: () => start(server, "refine"),
    refineWith: () => startWith(server),
    critique: () => start(server, "critique"),
    generate: () => start(server, "generate"),
    cancel: (given) => onRun("selfRefine.cancel", review.runOf(given, "running")?.runId),
    difference: async (given) => {
      const run = review.runOf(given, "waiting");
      if (run) await review.difference(run);
    },
    accept: (given) => review.accept(given),
    discard: (given) => review.discard(given),
    keepChange: (given) => decideChange("selfRefine.accept", given),
    revertChange: (given) => decideChange("selfRefine.revert", given),
    reveal: (given, range) => reveal(server, given, range),
    trace: (given) =>
      onRun("selfRefine.showTrace", (review.runOf(given, "landed") ?? runs.all()[0])?.runId),
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

async function onRun(command: string, runId: string | undefined): Promise<void> {
  if (runId === undefined) {
    void window.showInformationMessage("There is no such run of Self-Refine.");
    return;
  }
  await commands.executeCommand(command, { runId });
}

async function whichCriteria(server: Server): Promise<void> {
  const document = window.activeTextEditor?.document;
  const client = server.client();
  if (document === undefined || client === undefined) return;
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  await commands.executeCommand("selfRefine.explain", { uri });
}

/** Go to the words of a tree item; ranges are the protocol's. */
async function reveal(server: Server, uri: unknown, range: unknown): Promise<void> {
  const converter = server.client()?.protocol2CodeConverter;
  if (converter === undefined || typeof uri !== "string") return;
  const document = await workspace.openTextDocument(converter.asUri(uri));
  const selection = converter.asRange(range as ProtocolRange);
  await window.showTextDocument(document, { selection });
}

/** What is told to the running server, and what needs another one. */
function followChanges(context: ExtensionContext, server: Server): Disposable[] {
  return [
    context.secrets.onDidChange(({ key }) => {
      if (key === KEY) void server.tellOptions();
    }),
    workspace.onDidGrantWorkspaceTrust(() => {
      // A server of the user's own may be used from now on.
      void (userText("serverPath") ? server.restart() : server.tellOptions());
    }),
    workspace.onDidChangeConfiguration((change) => {
      const affects = (key: string): boolean => change.affectsConfiguration(`${SECTION}.${key}`);
      if (START_KEYS.some(affects)) void server.restart();
      else if (USER_KEYS.some(affects) || ANY_KEYS.some(affects)) void server.tellOptions();
    }),
  ];
}
