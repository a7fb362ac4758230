/** The server's life: made ready, started, watched, started again, stopped. */

import {
  Uri,
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

import { uninstall } from "./install";
import { bridge, canLend } from "../models/lm";
import { storedKey } from "./key";
import type { Launch } from "./launch";
import { findLaunch } from "./program";
import { byCommand, reason, tellFailure, tellWarning } from "../messages";
import { perform } from "./actions";
import { middleware, type Hooks } from "./middleware";
import type { Models } from "../models/editorModels";
import { optionsChanged, runChanged, type ClientOptions, act, statusChanged } from "../protocol";
import type { Questions } from "./questions";
import { Restarts } from "./restarts";
import { complete } from "../runs/complete";
import type { Runs } from "../runs/runs";
import { SELECTOR } from "../selector";
import { ignoredKeys, userValues } from "../settings";
import type { ServerStatus } from "../views/statusWords";

const RESTART = byCommand("Restart", "selfRefine.ui.restart");
const SETTINGS = byCommand("Open settings", "workbench.action.openSettings", "selfRefine");

export interface Parts {
  context: ExtensionContext;
  log: LogOutputChannel;
  runs: Runs;
  models: Models;
  hooks: Hooks;
  questions: Questions;
  /** Hears how the server is. */
  say: (status: ServerStatus) => void;
  /** What applies to a text may have changed. */
  statusChanged(): void;
}

export class Server implements Disposable {
  private readonly restarts = new Restarts();
  private current: LanguageClient | undefined;
  /** The client whose server is to end; it is told nothing more. */
  private leaving: LanguageClient | undefined;
  private bound: Disposable[] = [];
  /** Starts and stops wait for each other. */
  private last: Promise<void> = Promise.resolve();
  private why = "The Self-Refine server has not been started.";
  /** What a server is told at its start, also where the client starts it again after a crash. */
  private given: Record<string, unknown> = {};
  private toldOfVersion = false;
  /** Whether the server is the bundled one, in an environment of our own. */
  private ours = false;
  /** Whether there has been a server to start. */
  private isInstalled = false;

  constructor(private readonly parts: Parts) {}

  /** The client, while its server runs. */
  client(): LanguageClient | undefined {
    return this.current?.state === State.Running ? this.current : undefined;
  }

  /** The client, once the start that is under way has ended; undefined where no server runs then. */
  async started(): Promise<LanguageClient | undefined> {
    await this.last;
    return this.client();
  }

  /** An address of the protocol as VS Code has it. */
  uri(protocol: string): Uri {
    return this.current?.protocol2CodeConverter.asUri(protocol) ?? Uri.parse(protocol);
  }

  /** An address of VS Code as the protocol has it. */
  address(uri: Uri): string {
    return this.current?.code2ProtocolConverter.asUri(uri) ?? uri.toString();
  }

  start(): Promise<void> {
    return this.then(() => this.begin());
  }

  /** Start it anew. */
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
    this.fail(this.why);
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
    const found = await findLaunch(this.parts);
    if (found.kind === "none") {
      this.ours = false;
      this.fail(found.message);
      return;
    }
    const { launch, ours } = found;
    this.ours = ours;
    this.isInstalled = true;
    this.given = await this.options();
    const client = this.create(launch);
    this.current = client;
    this.bound = [
      client,
      ...bridge(client, this.parts.runs, this.parts.models, this.parts.log),
      client.onNotification(runChanged, (run) => {
        this.parts.runs.put(complete(run));
      }),
      this.parts.questions.follow(client),
      client.onNotification(act, ({ action }) => perform(action)),
      client.onNotification(statusChanged, () => {
        this.parts.statusChanged();
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

  private async options(): Promise<ClientOptions & Record<string, unknown>> {
    const ours: ClientOptions = {
      extensions: true,
      lmBridge: canLend(),
      trusted: workspace.isTrusted,
    };
    const key = await storedKey(this.parts.context.secrets);
    const ignored = await ignoredKeys();
    if (ignored.length > 0) {
      const names = ignored.map((key) => `selfRefine.${key}`).join(", ");
      this.parts.log.warn(`${names}: ignored in this workspace's settings; set it in your own.`);
    }
    return { ...userValues(), ...key, ...ours };
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
    this.parts.say({ kind: "stopped", why: message, installed: this.isInstalled });
    const again = { title: "Try again", run: () => this.restart() };
    // An environment of our own may be damaged; a server of the user's own is the user's to mend.
    const ways =
      broken && this.ours
        ? [RESTART, { title: "Install again", run: () => this.reinstall() }]
        : [again, SETTINGS];
    tellFailure(this.parts.log, message, ...ways);
  }

  private storage(): string {
    return this.parts.context.globalStorageUri.fsPath;
  }
}
