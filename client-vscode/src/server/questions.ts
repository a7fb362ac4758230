/**
 * The questions that the server asks by messages with buttons. VS Code hides such a message after some
 * seconds while its run waits, so that a question is open is shown until it is answered.
 */

import { StatusBarAlignment, ThemeColor, window, type Disposable } from "vscode";
import {
  MessageType,
  ShowMessageRequest,
  type LanguageClient,
  type MessageActionItem,
  type ShowMessageRequestParams,
} from "vscode-languageclient/node";

import { isList } from "./pickOrButtons";

type Show = (
  message: string,
  ...items: MessageActionItem[]
) => Thenable<MessageActionItem | undefined>;

export class Questions implements Disposable {
  private readonly item = window.createStatusBarItem(
    "selfRefine.question",
    StatusBarAlignment.Right,
    91,
  );
  private open = 0;

  constructor() {
    this.item.name = "Self-Refine: question";
    this.item.text = "$(question) Self-Refine asks a question";
    this.item.tooltip = "Show the message and its buttons.";
    this.item.command = "notifications.showList";
    this.item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
    this.item.accessibilityInformation = {
      label: "Self-Refine asks a question. Show the message and its buttons.",
      role: "button",
    };
  }

  /** Take the server's questions in place of the language client. */
  follow(client: LanguageClient): Disposable {
    return client.onRequest(ShowMessageRequest.type, (params) => this.ask(params));
  }

  dispose(): void {
    this.item.dispose();
  }

  private async ask(params: ShowMessageRequestParams): Promise<MessageActionItem | null> {
    const actions = params.actions ?? [];
    this.count(actions.length > 0 ? 1 : 0);
    try {
      if (isList(actions.map((action) => action.title))) return await pick(params.message, actions);
      return (await showOf(params.type)(params.message, ...actions)) ?? null;
    } finally {
      this.count(actions.length > 0 ? -1 : 0);
    }
  }

  private count(more: number): void {
    this.open += more;
    if (this.open > 0) this.item.show();
    else this.item.hide();
  }
}

async function pick(
  question: string,
  actions: readonly MessageActionItem[],
): Promise<MessageActionItem | null> {
  const items = actions.map((action) => ({ label: action.title, action }));
  const options = { title: "Self-Refine", placeHolder: question, ignoreFocusOut: true };
  return (await window.showQuickPick(items, options))?.action ?? null;
}

function showOf(type: MessageType): Show {
  if (type === MessageType.Error) return window.showErrorMessage;
  return type === MessageType.Warning ? window.showWarningMessage : window.showInformationMessage;
}
