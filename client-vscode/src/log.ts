/** Owns the log channel, and how a failure is told: always with a way to the log. */

import { commands, window, type LogOutputChannel } from "vscode";

const SHOW_LOGS = "Show Logs";

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
  void ask(window.showErrorMessage, message, ways, log);
}

/** Tell the user what is not as it should be. */
export function tellWarning(log: LogOutputChannel, message: string, ...ways: Way[]): void {
  log.warn(message);
  void ask(window.showWarningMessage, message, ways, log);
}

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function ask(show: Show, message: string, ways: Way[], log: LogOutputChannel): Promise<void> {
  const picked = await show(message, ...ways.map((way) => way.title), SHOW_LOGS);
  if (picked === SHOW_LOGS) log.show();
  await ways.find((way) => way.title === picked)?.run();
}

/** A way that runs a command. */
export function byCommand(title: string, command: string, ...args: unknown[]): Way {
  return { title, run: () => commands.executeCommand(command, ...args) };
}

/** What was thrown, in words. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
