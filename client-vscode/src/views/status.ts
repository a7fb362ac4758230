/** What the status bar and the language menu say of the server, of the text in front and of its runs. */

import {
  LanguageStatusSeverity,
  StatusBarAlignment,
  ThemeColor,
  languages,
  window,
  workspace,
  type Command,
  type Disposable,
  type TextEditor,
} from "vscode";

import { status as statusRequest, type StatusView } from "../protocol";
import type { Changes } from "../review/changes";
import type { Runs } from "../runs/runs";
import { SELECTOR } from "../selector";
import { ACTIONS } from "../server/actions";
import type { Server } from "../server/server";
import { setContext } from "./contexts";
import { barOf, languageOf, situationOf, type ServerStatus, type Situation } from "./statusWords";

/** The item in the language menu, and the one in the status bar. */
export class Status implements Disposable {
  private readonly language = languages.createLanguageStatusItem("selfRefine.status", SELECTOR);
  private readonly item = window.createStatusBarItem(
    "selfRefine.refine",
    StatusBarAlignment.Right,
    90,
  );
  private readonly following: Disposable[] = [];
  private server: ServerStatus = { kind: "starting" };
  private document: StatusView | undefined;
  private asked = 0;

  constructor(
    private readonly runs: Runs,
    private readonly changes: Changes,
    private readonly client: () => ReturnType<Server["client"]>,
  ) {
    this.language.name = "Self-Refine";
    this.item.name = "Self-Refine";
    const show = (): void => {
      this.show();
    };
    this.following.push(
      runs.onChange(show),
      changes.onChange(show),
      window.onDidChangeTextEditorSelection(show),
      window.onDidChangeActiveTextEditor(() => {
        void this.ask();
      }),
      workspace.onDidGrantWorkspaceTrust(show),
    );
    this.show();
  }

  /** Say how the server is. */
  set(server: ServerStatus): void {
    this.server = server;
    void this.ask();
  }

  /** Ask the server anew what applies to the text in front. */
  async ask(): Promise<void> {
    this.asked += 1;
    const number = this.asked;
    const answer = await this.statusOf(window.activeTextEditor);
    if (number !== this.asked) return;
    this.document = answer;
    this.show();
  }

  dispose(): void {
    for (const each of [this.language, this.item, ...this.following]) each.dispose();
  }

  private async statusOf(editor: TextEditor | undefined): Promise<StatusView | undefined> {
    const client = this.client();
    if (client === undefined || editor === undefined || !isOurs(editor)) return undefined;
    const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
    // A server of another version may not know the question.
    return client.sendRequest(statusRequest, { uri }).catch(() => undefined);
  }

  private show(): void {
    const situation = situationOf(this.server, this.document, workspace.isTrusted);
    setContext("ready", this.server.kind === "ready");
    setContext("situation", situation.kind);
    this.showLanguage(situation);
    this.showItem(situation);
  }

  private showLanguage(situation: Situation): void {
    const words = languageOf(situation);
    const { language } = this;
    language.busy = words.busy;
    language.severity = LanguageStatusSeverity[words.severity];
    language.text = words.text;
    language.detail = words.detail;
    language.accessibilityInformation = { label: `${words.text}. ${words.detail}` };
    language.command = words.action && commandOf(words.action);
  }

  private showItem(situation: Situation): void {
    const editor = window.activeTextEditor;
    const running = this.runs.newest("running");
    const bar = barOf(situation, {
      stage: running && (this.runs.stageOf(running) || "starting"),
      pending: editor === undefined ? 0 : this.changes.of(editor.document.uri).length,
      waiting: this.runs.newest("waiting") !== undefined,
      selected: editor !== undefined && !editor.selection.isEmpty && isOurs(editor),
      textIsOurs: editor !== undefined && isOurs(editor),
    });
    const { item } = this;
    if (bar === undefined) {
      item.hide();
      return;
    }
    item.text = bar.text;
    item.tooltip = bar.tooltip;
    item.command = bar.command;
    item.accessibilityInformation = { label: `Self-Refine: ${bar.spoken}`, role: "button" };
    item.backgroundColor = bar.isError
      ? new ThemeColor("statusBarItem.errorBackground")
      : undefined;
    item.show();
  }
}

function commandOf(action: keyof typeof ACTIONS | "restart"): Command {
  if (action === "restart") return { command: "selfRefine.ui.restart", title: "Restart server" };
  const { command, title, args } = ACTIONS[action];
  return args === undefined ? { command, title } : { command, title, arguments: args };
}

function isOurs(editor: TextEditor): boolean {
  return languages.match(SELECTOR, editor.document) > 0;
}
