/** Which program is the server: the user's own, or the bundled one on an environment made for it. */

import * as path from "node:path";

import {
  ProgressLocation,
  extensions,
  window,
  workspace,
  type ExtensionContext,
  type LogOutputChannel,
} from "vscode";

import { userText } from "../settings";
import type { ServerStatus } from "../views/statusWords";
import { install, isInstalled, type Plan, type Watcher } from "./install";
import { bundledLaunch, installedLaunch, type Launch } from "./launch";
import { findPython, liesInside } from "./python";
import { thisMachine } from "./system";

export interface Surroundings {
  context: ExtensionContext;
  log: LogOutputChannel;
  /** Hears how the installation goes. */
  say: (status: ServerStatus) => void;
}

export type Program =
  /** `ours`: the bundled one. */
  | { kind: "program"; launch: Launch; ours: boolean }
  /** What is wrong and what to do: for the user. */
  | { kind: "none"; message: string };

const none = (message: string): Program => ({ kind: "none", message });

/** How to start the server. */
export async function findLaunch({ context, log, say }: Surroundings): Promise<Program> {
  const cwd = context.globalStorageUri.fsPath;
  await workspace.fs.createDirectory(context.globalStorageUri);
  const folders = workspace.workspaceFolders?.map((folder) => folder.uri.fsPath) ?? [];
  const named = userText("serverPath");
  if (named && workspace.isTrusted) {
    if (!path.isAbsolute(named) || (await liesInside(thisMachine(cwd), named, folders))) {
      return none(
        `The setting selfRefine.serverPath is ${named}. Set it to a full path outside the workspace.`,
      );
    }
    return { kind: "program", launch: installedLaunch(named, cwd, process.env), ours: false };
  }
  if (named) log.info("selfRefine.serverPath is not used: the workspace is not trusted.");
  return bundled({ context, log, say }, cwd, folders);
}

async function bundled(
  { context, log, say }: Surroundings,
  cwd: string,
  folders: string[],
): Promise<Program> {
  const names = { setting: userText("interpreter"), extension: await pythonOfExtension() };
  const python = await findPython(thisMachine(cwd), names, folders);
  if (python.kind === "none") return none(python.message);
  log.info(`Python ${python.version.join(".")}: ${python.executable}`);
  const server = context.asAbsolutePath("bundled");
  const plan: Plan = {
    python,
    lock: path.join(server, "requirements.txt"),
    storage: cwd,
    windows: process.platform === "win32",
  };
  const isThere = await isInstalled(plan);
  if (!isThere) say({ kind: "installing", what: "installing its server" });
  const made = await watched(log, isThere, (watcher) => install(plan, watcher));
  switch (made.kind) {
    case "installed":
      return {
        kind: "program",
        launch: bundledLaunch(made.python, server, cwd, process.env),
        ours: true,
      };
    case "cancelled":
      return none("You cancelled the installation of the Self-Refine server, so it does not run.");
    case "failed":
      return none(made.message);
  }
}

/** Do what may take a minute under a notification; in silence where it takes no time. */
function watched<T>(
  channel: LogOutputChannel,
  quiet: boolean,
  work: (watcher: Watcher) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const log = (line: string): void => {
    channel.info(line);
  };
  if (quiet) return work({ say: log, log, signal: stop.signal });
  const location = ProgressLocation.Notification;
  const title = "Self-Refine is setting up its server (once)";
  return Promise.resolve(
    window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => {
        stop.abort();
      });
      const say = (message: string): void => {
        progress.report({ message });
      };
      return work({ say, log, signal: stop.signal });
    }),
  );
}

/** What of the Python extension's API is used. */
interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(): { path: string };
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ executable: { uri?: { fsPath: string } } } | undefined>;
  };
}

/** The interpreter that the Python extension has chosen; "" without it. Never waits long. */
async function pythonOfExtension(): Promise<string> {
  const extension = extensions.getExtension<PythonApi>("ms-python.python");
  if (extension === undefined) return "";
  try {
    const late = new Promise<undefined>((resolve) => {
      setTimeout(resolve, 5000, undefined);
    });
    const environments = (await Promise.race([extension.activate(), late]))?.environments;
    if (environments === undefined) return "";
    const resolving = environments.resolveEnvironment(environments.getActiveEnvironmentPath());
    return (await Promise.race([resolving, late]))?.executable.uri?.fsPath ?? "";
  } catch {
    return "";
  }
}
