/** Draws pending changes, and the text that a run works on, in the editors that show them. */

import {
  DecorationRangeBehavior,
  MarkdownString,
  OverviewRulerLane,
  Range,
  ThemeColor,
  Uri,
  window,
  type DecorationOptions,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
} from "vscode";

import type { Runs } from "../runs/runs";
import type { Changes, Places } from "./changes";
import { drawn, ghostOf, type Drawn } from "./inlineDiff";
import type { Pending, Stretch } from "./pending";

const color = (name: string): ThemeColor => new ThemeColor(`selfRefine.${name}`);

interface Types {
  newWords: TextEditorDecorationType;
  oldWords: TextEditorDecorationType;
  changed: TextEditorDecorationType;
  working: TextEditorDecorationType;
}

export class Decorations implements Disposable {
  private readonly types: Types;
  private readonly following: Disposable[];

  constructor(
    context: ExtensionContext,
    private readonly runs: Runs,
    private readonly changes: Changes,
    private readonly places: Places,
  ) {
    this.types = typesOf(context);
    this.following = [
      changes.onChange((uri) => {
        this.drawDocument(uri);
      }),
      runs.onChange((run) => {
        if (run === undefined) for (const editor of window.visibleTextEditors) this.draw(editor);
        else this.drawDocument(places.uri(run.uri));
      }),
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.draw(editor);
      }),
    ];
  }

  dispose(): void {
    const types: Disposable[] = Object.values<TextEditorDecorationType>({ ...this.types });
    for (const each of [...this.following, ...types]) each.dispose();
  }

  private drawDocument(uri: Uri): void {
    const address = uri.toString();
    for (const editor of window.visibleTextEditors) {
      if (editor.document.uri.toString() === address) this.draw(editor);
    }
  }

  private draw(editor: TextEditor): void {
    const { document } = editor;
    const pending = this.changes.of(document.uri);
    const parts = drawn(pending);
    const { newWords, oldWords, changed, working } = this.types;
    const isNew = parts.filter((part) => part.isNew);
    editor.setDecorations(
      newWords,
      isNew.map((part) => asDecoration(document, part)),
    );
    editor.setDecorations(
      oldWords,
      parts.filter((part) => !part.isNew).map((part) => asDecoration(document, part)),
    );
    editor.setDecorations(
      changed,
      pending.map((change) => withHover(document, change)),
    );
    editor.setDecorations(working, this.workOn(document));
  }

  /** What runs are at work on. */
  private workOn(document: TextDocument): Range[] {
    const address = document.uri.toString();
    return this.runs
      .all()
      .filter(
        ({ state, uri }) => state === "running" && this.places.uri(uri).toString() === address,
      )
      .map(({ range }) => rangeOf(document, this.places.stretch(document, range)));
  }
}

function typesOf(context: ExtensionContext): Types {
  const icon = (name: string): { gutterIconPath: Uri; gutterIconSize: string } => ({
    gutterIconPath: Uri.joinPath(context.extensionUri, "media", `${name}.svg`),
    gutterIconSize: "contain",
  });
  const struck = {
    color: color("oldWordsForeground"),
    textDecoration: "line-through",
    margin: "0 0.15em 0 0",
  };
  const closed = DecorationRangeBehavior.ClosedClosed;
  return {
    newWords: window.createTextEditorDecorationType({
      rangeBehavior: closed,
      backgroundColor: color("newWordsBackground"),
      borderColor: color("newWordsBorder"),
      borderStyle: "solid",
      borderWidth: "0 0 2px 0",
      before: struck,
    }),
    oldWords: window.createTextEditorDecorationType({ rangeBehavior: closed, before: struck }),
    changed: window.createTextEditorDecorationType({
      rangeBehavior: closed,
      ...icon("gutter-change"),
      overviewRulerColor: color("changeRulerForeground"),
      overviewRulerLane: OverviewRulerLane.Center,
    }),
    working: window.createTextEditorDecorationType({
      ...icon("gutter-work"),
      borderColor: color("workBorder"),
      borderStyle: "dotted",
      borderWidth: "0 0 1px 0",
      overviewRulerColor: color("workBorder"),
      overviewRulerLane: OverviewRulerLane.Center,
    }),
  };
}

function asDecoration(document: TextDocument, part: Drawn): DecorationOptions {
  const range = rangeOf(document, part);
  return part.ghost ? { range, renderOptions: { before: { contentText: part.ghost } } } : { range };
}

function rangeOf(document: TextDocument, { start, end }: Stretch): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}

const LINKS = [
  ["Keep", "keep"],
  ["Revert", "revert"],
  ["Why?", "why"],
] as const;

/** The old words in full, and what can be done, beside what the server says of the words. */
function withHover(document: TextDocument, change: Pending): DecorationOptions {
  const argument = encodeURIComponent(
    JSON.stringify([{ runId: change.runId, hunk: change.number }]),
  );
  const hover = new MarkdownString(undefined, true);
  hover.isTrusted = { enabledCommands: LINKS.map(([, name]) => `selfRefine.ui.${name}`) };
  if (change.before.trim()) {
    hover.appendMarkdown("Before: ").appendText(ghostOf(change.before, 400)).appendMarkdown("\n\n");
  }
  const links = LINKS.map(
    ([title, name]) => `[${title}](command:selfRefine.ui.${name}?${argument})`,
  );
  hover.appendMarkdown(links.join(" · "));
  return { range: rangeOf(document, change), hoverMessage: hover };
}
