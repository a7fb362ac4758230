/** What a button of a message does, where only the client can do it. */

import { commands } from "vscode";

import type { Action } from "../protocol";

/** The command of each action, and the words of its button. */
export const ACTIONS: Readonly<
  Record<Action, { command: string; title: string; args?: unknown[] }>
> = {
  setApiKey: { command: "selfRefine.ui.setKey", title: "Set API key" },
  chooseModel: { command: "selfRefine.ui.chooseModel", title: "Choose a model" },
  showLog: { command: "selfRefine.ui.showLogs", title: "Show log" },
  manageTrust: { command: "workbench.trust.manage", title: "Manage trust" },
  openSettings: {
    command: "workbench.action.openSettings",
    title: "Open settings",
    args: ["@ext:self-refine.self-refine"],
  },
  newCriteria: { command: "selfRefine.ui.newCriteria", title: "Create criteria file" },
  chooseCriteria: { command: "selfRefine.ui.refineWith", title: "Choose criteria" },
};

/** Do what the user has just asked for by a button. */
export async function perform(action: Action): Promise<void> {
  const { command, args = [] } = ACTIONS[action];
  await commands.executeCommand(command, ...args);
}
