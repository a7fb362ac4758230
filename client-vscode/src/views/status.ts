/** Owns what the status bar says of the server and of runs. */

import {
  LanguageStatusSeverity,
  StatusBarAlignment,
  commands,
  languages,
  window,
  type Disposable,
  type TextEditor,
} from "vscode";

import type { Runs } from "../runs/runs";
import { SELECTOR } from "../selector";

export type ServerStatus =
  | { kind: "starting" }
  | { kind: "installing"; what: string }
  | { kind: "ready"; version: string; trusted: boolean }
  | { kind: "stopped"; why: string };

/** The item in the language menu, and the one that starts a run on the selection. */
export class Status implements Disposable {
  private readonly language = languages.createLanguageStatusItem("selfRefine.server", SELECTOR);
  private readonly item = window.createStatusBarItem(
    "selfRefine.refine",
    StatusBarAlignment.Right,
    90,
  );
  private readonly following: Disposable[];
  private server: ServerStatus = { kind: "starting" };

  constructor(private readonly runs: Runs) {
    this.language.name = "Self-Refine";
    this.item.name = "Self-Refine";
    this.following = [
      runs.onChange(() => {
        this.show();
      }),
      window.onDidChangeActiveTextEditor(() => {
        this.show();
      }),
      window.onDidChangeTextEditorSelection(() => {
        this.show();
      }),
    ];
    this.set(this.server);
  }

  /** Say how the server is. */
  set(server: ServerStatus): void {
    this.server = server;
    const { language } = this;
    language.busy = server.kind === "starting" || server.kind === "installing";
    language.severity =
      server.kind === "stopped" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    language.text = `Self-Refine: ${wordsOf(server)}`;
    language.detail = server.kind === "stopped" ? server.why : "";
    language.command =
      server.kind === "stopped"
        ? { command: "selfRefine.ui.restart", title: "Restart server" }
        : { command: "selfRefine.ui.showLogs", title: "Show logs" };
    void commands.executeCommand("setContext", "selfRefine.ready", server.kind === "ready");
    this.show();
  }

  dispose(): void {
    for (const each of [this.language, this.item, ...this.following]) each.dispose();
  }

  private show(): void {
    const running = this.runs.newest("running");
    const waiting = this.runs.newest("waiting");
    setContexts(this.runs);
    const { item } = this;
    if (running) {
      const stage = this.runs.stageOf(running) || "starting";
      item.text = `$(loading~spin) Self-Refine: ${stage}`;
      item.tooltip = "Self-Refine is at work. Click to cancel.";
      item.command = "selfRefine.ui.cancel";
    } else if (waiting) {
      item.text = "$(bell-dot) Self-Refine: a refined text waits";
      item.tooltip = "Show the difference.";
      item.command = "selfRefine.ui.difference";
    } else {
      item.text = "$(sparkle) Self-Refine";
      item.tooltip = "Self-refine the selection.";
      item.command = "selfRefine.ui.refine";
    }
    const works = this.server.kind === "ready" && this.server.trusted;
    const offer = works && hasSelection(window.activeTextEditor);
    if (running ?? waiting ?? offer) item.show();
    else item.hide();
  }
}

function hasSelection(editor: TextEditor | undefined): boolean {
  return (
    editor !== undefined &&
    !editor.selection.isEmpty &&
    languages.match(SELECTOR, editor.document) > 0
  );
}

function setContexts(runs: Runs): void {
  const contexts = {
    running: runs.newest("running") !== undefined,
    waiting: runs.newest("waiting") !== undefined,
    hasRuns: runs.all().length > 0,
  };
  for (const [name, value] of Object.entries(contexts)) {
    void commands.executeCommand("setContext", `selfRefine.${name}`, value);
  }
}

function wordsOf(server: ServerStatus): string {
  switch (server.kind) {
    case "starting":
      return "starting";
    case "installing":
      return server.what;
    case "ready":
      return server.trusted ? "ready" : "checks only (workspace not trusted)";
    case "stopped":
      return "stopped";
  }
}
