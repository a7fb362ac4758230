/** What passes between VS Code and the server and is looked at on its way. */

import { Uri } from "vscode";
import type {
  ConfigurationItem,
  LanguageClient,
  Middleware,
  ProgressToken,
} from "vscode-languageclient/node";

import { SECTION, sharedValues } from "../settings";
import type { RunProgress } from "../runs/progress";

export interface Hooks {
  progress: RunProgress;
  /** The user has started a run. */
  began(runId: string): void;
  /** A command answered with a page. */
  page(command: string, page: string): void;
  /** The user asked what a run changed; true where it is shown otherwise than as a page. */
  explained(argument: Record<string, unknown>): boolean;
  /** A lens was chosen; true where the extension's own list answers it. */
  reviewed(argument: Record<string, unknown>): boolean;
  /** The server is gone. */
  ended(): void;
}

/** Commands that begin a run. VS Code does not say who calls one: the user's consent is the server's part. */
const STARTS = ["refine", "critique", "generate", "retry"].map((name) => `selfRefine.${name}`);
const PAGES = ["selfRefine.showTrace", "selfRefine.explain"];

export function middleware(client: () => LanguageClient | undefined, hooks: Hooks): Middleware {
  return {
    handleWorkDoneProgress: (token: ProgressToken, params, next) => {
      hooks.progress.handle(token, params, () => {
        next(token, params);
      });
    },
    executeCommand: async (command, args: unknown[], next) => {
      const argument = (args[0] ?? {}) as Record<string, unknown>;
      if (command === "selfRefine.explain" && hooks.explained(argument)) return undefined;
      if (command === "selfRefine.review" && hooks.reviewed(argument)) return undefined;
      const result: unknown = await next(command, args);
      if (STARTS.includes(command)) began(result, hooks);
      if (PAGES.includes(command) && typeof result === "string") hooks.page(command, result);
      return result;
    },
    workspace: {
      // Defaults are the server's own, and what only the user may set goes another way: here a
      // repository's settings are mixed in.
      configuration: (params, token, next) => {
        if (params.items.every((item) => item.section !== SECTION)) return next(params, token);
        return params.items.map((item) => valuesOf(client(), item));
      },
      // A server that another one is about to replace reads no settings any more.
      didChangeConfiguration: async (sections, next) => {
        if (client() !== undefined) await next(sections);
      },
    },
  };
}

function began(result: unknown, hooks: Hooks): void {
  const runId = (result as { runId?: unknown } | null)?.runId;
  if (typeof runId === "string") hooks.began(runId);
}

function valuesOf(client: LanguageClient | undefined, item: ConfigurationItem): unknown {
  if (item.section !== SECTION) return null;
  if (item.scopeUri === undefined) return sharedValues();
  const uri = client?.protocol2CodeConverter.asUri(item.scopeUri) ?? Uri.parse(item.scopeUri);
  return sharedValues(uri);
}
