/** The progress of runs as VS Code shows it: a notification that can be cancelled. */

import { ProgressLocation, window } from "vscode";
import type {
  ProgressToken,
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from "vscode-languageclient/node";

type Params = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** Tokens of runs are `self-refine/RUN_ID`. */
const PREFIX = "self-refine/";

/** Milliseconds that the sentence about an ended run stays in the status bar. */
const LINGER_MS = 15_000;

interface Shown {
  report(message: string): void;
  end(): void;
}

export interface ProgressHooks {
  /** Tell the server that the user wants no more of a run. */
  cancel(token: ProgressToken): void;
  /** What a run does now. */
  stage(runId: string, message: string): void;
}

/** The language client's own progress has no Cancel button, so runs are shown here. */
export class RunProgress {
  private readonly shown = new Map<ProgressToken, Shown>();

  constructor(private readonly hooks: ProgressHooks) {}

  /** The middleware `handleWorkDoneProgress`. */
  handle(token: ProgressToken, params: Params, next: () => void): void {
    const runId = runOf(token);
    if (runId === undefined) {
      next();
      return;
    }
    switch (params.kind) {
      case "begin":
        this.shown.set(token, this.show(token, params.title));
        this.report(token, runId, params.message ?? "");
        break;
      case "report":
        this.report(token, runId, params.message ?? "");
        break;
      case "end":
        this.shown.get(token)?.end();
        this.shown.delete(token);
        if (params.message) window.setStatusBarMessage(`Self-Refine: ${params.message}`, LINGER_MS);
        // The client forgets the token; it has shown nothing.
        next();
    }
  }

  /** The server has ended: no more reports will come. */
  endAll(): void {
    for (const shown of this.shown.values()) shown.end();
    this.shown.clear();
  }

  private report(token: ProgressToken, runId: string, message: string): void {
    this.shown.get(token)?.report(message);
    this.hooks.stage(runId, message);
  }

  private show(token: ProgressToken, title: string): Shown {
    let finish = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let report: ((message: string) => void) | undefined;
    let first = "";
    void window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      (progress, wish) => {
        wish.onCancellationRequested(() => {
          this.hooks.cancel(token);
        });
        report = (message) => {
          progress.report({ message });
        };
        if (first) report(first);
        return over;
      },
    );
    return {
      report: (message) => {
        first = message;
        report?.(message);
      },
      end: () => {
        finish();
      },
    };
  }
}

function runOf(token: ProgressToken): string | undefined {
  return typeof token === "string" && token.startsWith(PREFIX)
    ? token.slice(PREFIX.length)
    : undefined;
}
