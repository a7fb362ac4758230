/** The log channel, and how something is told: a failure always with a way out and a way to the log. */

import { commands, window, type LogOutputChannel } from "vscode";

import { hasScreenReader } from "./settings";

const SHOW_LOG = "Show log";

/** Milliseconds that a sentence stays in the status bar. */
const LINGER_MS = 8_000;

/** A step that the user can take from a message. */
export interface Way {
  title: string;
  run: () => unknown;
}

/** The extension's one channel; the server's standard error goes there too. */
export function createLog(): LogOutputChannel {
  return window.createOutputChannel("Self-Refine", { log: true });
}

/** Tell the user what failed; does not wait for an answer. */
export function tellFailure(log: LogOutputChannel, message: string, ...ways: Way[]): void {
  log.error(message);
  void ask(window.showErrorMessage, message, [...ways, showLog(log)]);
}

/** Tell the user what is not as it should be. */
export function tellWarning(log: LogOutputChannel, message: string, ...ways: Way[]): void {
  log.warn(message);
  void ask(window.showWarningMessage, message, [...ways, showLog(log)]);
}

/** Tell the user why nothing happens, with what helps. */
export function tell(message: string, ...ways: Way[]): void {
  void ask(window.showInformationMessage, message, ways);
}

/** Say what has just been done: in the status bar, and aloud where a screen reader is used. */
export function announce(message: string): void {
  window.setStatusBarMessage(`Self-Refine: ${message}`, LINGER_MS);
  if (hasScreenReader()) void window.showInformationMessage(message);
}

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function ask(show: Show, message: string, ways: Way[]): Promise<void> {
  const picked = await show(message, ...ways.map((way) => way.title));
  await ways.find((way) => way.title === picked)?.run();
}

function showLog(log: LogOutputChannel): Way {
  return {
    title: SHOW_LOG,
    run: () => {
      log.show();
    },
  };
}

/** A way that runs a command. */
export function byCommand(title: string, command: string, ...args: unknown[]): Way {
  return { title, run: () => commands.executeCommand(command, ...args) };
}

/** What was thrown, in words. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
