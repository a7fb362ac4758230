/** Owns the server's life: which one, made ready, started, watched, started again, stopped. */

import * as path from "node:path";

import {
  ProgressLocation,
  extensions,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
} from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type LanguageClientOptions,
} from "vscode-languageclient/node";

import { install, isInstalled, uninstall, type Plan, type Watcher } from "./install";
import { bridge, canLend } from "../models/lm";
import { bundledLaunch, installedLaunch, type Launch } from "./launch";
import { byCommand, reason, tellFailure, tellWarning } from "../log";
import { thisMachine } from "./system";
import { middleware, type Hooks } from "./middleware";
import type { Models } from "../models/editorModels";
import { optionsChanged, runChanged, type ClientOptions } from "../protocol";
import { findPython, liesInside } from "./python";
import { Restarts } from "./restarts";
import type { Runs } from "../runs/runs";
import { SELECTOR } from "../selector";
import { ignoredKeys, userText, userValues } from "../settings";
import type { ServerStatus } from "../views/status";

export const KEY = "selfRefine.apiKey";

const RESTART = byCommand("Restart", "selfRefine.ui.restart");
const SETTINGS = byCommand("Open Settings", "workbench.action.openSettings", "selfRefine");

export interface Parts {
  context: ExtensionContext;
  log: LogOutputChannel;
  runs: Runs;
  models: Models;
  hooks: Hooks;
  /** Hears how the server is. */
  say(status: ServerStatus): void;
}

export class Server implements Disposable {
  private readonly restarts = new Restarts();
  private current: LanguageClient | undefined;
  /** The client whose server is to end; it is told nothing more. */
  private leaving: LanguageClient | undefined;
  private bound: Disposable[] = [];
  /** Starts and stops wait for each other. */
  private last: Promise<void> = Promise.resolve();
  private why = "it has not been started";
  /** What a server is told at its start, also where the client starts it again after a crash. */
  private given: Record<string, unknown> = {};
  private toldOfVersion = false;
  /** Whether the server is the bundled one, in an environment of our own. */
  private ours = false;

  constructor(private readonly parts: Parts) {}

  /** The client, while its server runs. */
  client(): LanguageClient | undefined {
    return this.current?.state === State.Running ? this.current : undefined;
  }

  start(): Promise<void> {
    return this.then(() => this.begin());
  }

  /** Start it anew; what had been refined and waits is gone. */
  restart(): Promise<void> {
    this.leaving = this.current;
    return this.then(async () => {
      await this.end();
      this.restarts.forget();
      await this.begin();
    });
  }

  /** Tell the running server what the user has set; runs at work keep what they began with. */
  tellOptions(): Promise<void> {
    return this.then(async () => {
      const client = this.client();
      if (client === undefined) return this.begin();
      const options = await this.options();
      this.given = options;
      await client.sendNotification(optionsChanged, options);
      this.ready(client);
    });
  }

  stop(): Promise<void> {
    this.leaving = this.current;
    return this.then(() => this.end());
  }

  /** Make its environment anew, then start it. */
  reinstall(): Promise<void> {
    this.leaving = this.current;
    return this.then(async () => {
      await this.end();
      await uninstall(this.storage());
      this.restarts.forget();
      await this.begin();
    });
  }

  tellStopped(): void {
    this.fail(`The Self-Refine server does not run: ${this.why}.`);
  }

  dispose(): void {
    void this.stop();
  }

  private then(work: () => Promise<void>): Promise<void> {
    this.last = this.last.then(work).catch((error: unknown) => {
      this.fail(`The Self-Refine server did not start: ${reason(error)}.`);
    });
    return this.last;
  }

  private async begin(): Promise<void> {
    this.parts.say({ kind: "starting" });
    const launch = await this.launch();
    if (launch === undefined) return;
    this.given = await this.options();
    const client = this.create(launch);
    this.current = client;
    this.bound = [
      client,
      ...bridge(client, this.parts.runs, this.parts.models, this.parts.log),
      client.onNotification(runChanged, (run) => {
        this.parts.runs.put(run);
      }),
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.ready(client);
      }),
    ];
    try {
      await client.start();
    } catch (error) {
      // Where the process has ended, `closed` has said so already.
      if (client.state !== State.Stopped) {
        this.fail(`The Self-Refine server did not start: ${reason(error)}.`, true);
      }
    }
  }

  private async end(): Promise<void> {
    const client = this.current;
    this.current = undefined;
    if (client === undefined) return;
    this.parts.hooks.ended();
    this.parts.runs.clear();
    if (client.needsStop()) {
      await client.stop().catch((error: unknown) => {
        this.parts.log.warn(`The server did not stop by itself: ${reason(error)}.`);
      });
    }
    for (const each of this.bound) each.dispose();
    this.bound = [];
  }

  /** How to start the server; undefined where it cannot be, and the user was told. */
  private async launch(): Promise<Launch | undefined> {
    const cwd = this.storage();
    await workspace.fs.createDirectory(this.parts.context.globalStorageUri);
    const folders = workspace.workspaceFolders?.map((folder) => folder.uri.fsPath) ?? [];
    const named = userText("serverPath");
    if (named && workspace.isTrusted) {
      if (!path.isAbsolute(named) || (await liesInside(thisMachine(cwd), named, folders))) {
        this.fail(
          `selfRefine.serverPath is ${named}, but it must be a full path outside the workspace.`,
        );
        return undefined;
      }
      this.ours = false;
      return installedLaunch(named, cwd, process.env);
    }
    if (named) this.parts.log.info("serverPath is not used: the workspace is not trusted.");
    return this.bundled(cwd, folders);
  }

  private async bundled(cwd: string, folders: string[]): Promise<Launch | undefined> {
    const names = { setting: userText("interpreter"), extension: await pythonOfExtension() };
    const python = await findPython(thisMachine(cwd), names, folders);
    if (python.kind === "none") {
      this.fail(python.message);
      return undefined;
    }
    this.parts.log.info(`Python ${python.version.join(".")}: ${python.executable}`);
    const bundled = this.parts.context.asAbsolutePath("bundled");
    const plan: Plan = {
      python,
      lock: path.join(bundled, "requirements.txt"),
      storage: cwd,
      windows: process.platform === "win32",
    };
    const made = await this.environment(plan);
    this.ours = made !== undefined;
    return made === undefined ? undefined : bundledLaunch(made, bundled, cwd, process.env);
  }

  /** The Python of the server's environment, which is made where it is not there. */
  private async environment(plan: Plan): Promise<string | undefined> {
    if (!(await isInstalled(plan))) this.parts.say({ kind: "installing", what: "installing" });
    const result = await this.watched(await isInstalled(plan), (watcher) => install(plan, watcher));
    switch (result.kind) {
      case "installed":
        return result.python;
      case "cancelled":
        this.fail("The installation of the Self-Refine server was cancelled.");
        return undefined;
      case "failed":
        this.fail(result.message);
        return undefined;
    }
  }

  /** Do what may take a minute under a notification; in silence where it takes no time. */
  private watched<T>(quiet: boolean, work: (watcher: Watcher) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const log = (line: string): void => {
      this.parts.log.info(line);
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

  private async options(): Promise<ClientOptions & Record<string, unknown>> {
    const ours: ClientOptions = {
      extensions: true,
      lmBridge: canLend(),
      trusted: workspace.isTrusted,
    };
    const apiKey = await this.parts.context.secrets.get(KEY);
    const ignored = await ignoredKeys();
    if (ignored.length > 0) {
      const names = ignored.map((key) => `selfRefine.${key}`).join(", ");
      this.parts.log.warn(`${names}: ignored in this workspace's settings; set it in your own.`);
    }
    return { ...userValues(), ...(apiKey ? { apiKey } : {}), ...ours };
  }

  private create(launch: Launch): LanguageClient {
    const { command, args, cwd, env } = launch;
    const clientOptions: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: this.parts.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => this.given,
      synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.criteria.md") },
      middleware: middleware(() => this.stays(), this.parts.hooks),
      initializationFailedHandler: (error) => {
        this.parts.log.error(`The server did not initialize: ${reason(error)}`);
        return false;
      },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.closed(),
      },
    };
    return new LanguageClient(
      "selfRefine",
      "Self-Refine",
      { command, args, options: { cwd, env } },
      clientOptions,
    );
  }

  /** The client, where no other one is about to take its place. */
  private stays(): LanguageClient | undefined {
    return this.current === this.leaving ? undefined : this.current;
  }

  private closed(): { action: CloseAction; handled: boolean } {
    this.parts.hooks.ended();
    this.parts.runs.clear();
    if (this.restarts.crashed(Date.now())) {
      this.parts.log.warn("The server ended unexpectedly; it is started again.");
      this.parts.say({ kind: "starting" });
      return { action: CloseAction.Restart, handled: true };
    }
    this.fail(
      "The Self-Refine server ended five times within three minutes, so it is not started again.",
      true,
    );
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private ready(client: LanguageClient): void {
    const version = client.initializeResult?.serverInfo?.version ?? "unknown";
    const { version: own } = this.parts.context.extension.packageJSON as { version: string };
    this.parts.say({ kind: "ready", version, trusted: workspace.isTrusted });
    this.parts.log.info(`The server is ready: ${version}`);
    if (version !== own && !this.toldOfVersion) {
      this.toldOfVersion = true;
      tellWarning(
        this.parts.log,
        `The Self-Refine server is version ${version}, the extension ${own}. Bring the older one up to date if something does not work.`,
        SETTINGS,
      );
    }
  }

  /** Say that it does not run; `broken`: it was there, and ended or did not start. */
  private fail(message: string, broken = false): void {
    this.why = message;
    this.parts.say({ kind: "stopped", why: message });
    const again = { title: "Try Again", run: () => this.restart() };
    // An environment of our own may be damaged; a server of the user's own is the user's to mend.
    const ways =
      broken && this.ours
        ? [RESTART, { title: "Install Again", run: () => this.reinstall() }]
        : [again, SETTINGS];
    tellFailure(this.parts.log, message, ...ways);
  }

  private storage(): string {
    return this.parts.context.globalStorageUri.fsPath;
  }
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
