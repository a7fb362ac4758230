/** Wiring: what the extension has, and what hears of what. */

import {
  ExtensionMode,
  Position,
  workspace,
  type Disposable,
  type ExtensionContext,
  type SecretStorage,
} from "vscode";
import { WorkDoneProgressCancelNotification } from "vscode-languageclient/node";

import { registerCommands } from "./commands";
import { createLog } from "./messages";
import { Models } from "./models/editorModels";
import type { ReviewArgument } from "./protocol";
import { Answers } from "./review/answers";
import { pickAnswer } from "./review/changePicker";
import { Changes, type Places } from "./review/changes";
import { Decorations } from "./review/decorations";
import { Differences } from "./review/differences";
import { Landings } from "./review/landings";
import { Pages } from "./review/pages";
import { RunProgress } from "./runs/progress";
import { Runs } from "./runs/runs";
import { KEY } from "./server/key";
import { Questions } from "./server/questions";
import { Server } from "./server/server";
import { ANY_KEYS, SECTION, START_KEYS, USER_KEYS, userText } from "./settings";
import { followContexts } from "./views/contexts";
import { Status } from "./views/status";
import { createTree } from "./views/tree";

/** What tests of the extension look at. */
export interface Api {
  server: Server;
  runs: Runs;
  changes: Changes;
  secrets: SecretStorage;
}

export function activate(context: ExtensionContext): Api | undefined {
  const log = createLog();
  const runs = new Runs();
  const models = new Models(context.globalState, log);
  const pages = new Pages();
  const progress = new RunProgress({
    cancel: (token) => {
      void server.client()?.sendNotification(WorkDoneProgressCancelNotification.type, { token });
    },
    stage: (runId, message) => {
      runs.stage(runId, message);
    },
  });
  const questions = new Questions();
  const server = new Server({
    questions,
    context,
    log,
    runs,
    models,
    say: (said) => {
      status.set(said);
    },
    statusChanged: () => {
      void status.ask();
    },
    hooks: {
      progress,
      began: (runId) => {
        runs.began(runId);
      },
      page: (command, page) => {
        void pages.read(command === "selfRefine.showTrace" ? "Trace" : "Explanation", page);
      },
      explained: ({ runId, hunk }) => {
        const run = typeof runId === "string" ? runs.get(runId) : undefined;
        if (run?.state !== "waiting" || typeof hunk === "number") return false;
        void differences.open(run);
        return true;
      },
      reviewed: (given) => {
        const { runId, hunks } = given as Partial<ReviewArgument>;
        const run = runId === undefined ? undefined : runs.get(runId);
        if (run === undefined) return false;
        void pickAnswer(run, { hunks: hunks ?? [] }, (waiting) => differences.open(waiting));
        return true;
      },
      ended: () => {
        progress.endAll();
      },
    },
  });
  const places = placesOf(server);
  const changes = new Changes(runs, places);
  const status = new Status(runs, changes, () => server.client());
  const differences = new Differences(server, pages);
  const answers = new Answers(server, runs, changes);

  context.subscriptions.push(
    log,
    status,
    server,
    questions,
    changes,
    new Decorations(context, runs, changes, places),
    new Landings(runs, places),
    ...pages.register(),
    ...createTree(runs),
    ...followContexts(runs, changes, places),
    runs.onChange((run) => {
      if (run) void differences.follow(run);
    }),
    runs.onForgotten((runId) => {
      differences.forget(runId);
    }),
    ...registerCommands({ context, log, runs, models, pages, server, answers, differences }),
    ...followSettings(context, server),
  );
  void server.start();
  // Other extensions get nothing: the server takes an endpoint from whoever holds its client.
  return context.extensionMode === ExtensionMode.Test
    ? { server, runs, changes, secrets: context.secrets }
    : undefined;
}

/** The server ends with the window: its client is among the subscriptions. */
export function deactivate(): void {
  // Nothing is left to do.
}

function placesOf(server: Server): Places {
  return {
    uri: (protocol) => server.uri(protocol),
    stretch: (document, { start, end }) => ({
      start: document.offsetAt(new Position(start.line, start.character)),
      end: document.offsetAt(new Position(end.line, end.character)),
    }),
  };
}

/** What is told to the running server, and what needs another one. */
function followSettings(context: ExtensionContext, server: Server): Disposable[] {
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
