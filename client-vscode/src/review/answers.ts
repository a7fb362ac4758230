/** Answers to what a run proposes: keep and revert, accept and discard, and the way from change to change. */

import { Range, Selection, TextEditorRevealType, commands, window, type TextEditor } from "vscode";

import { announce, tell } from "../messages";
import type { RunView } from "../protocol";
import type { Runs } from "../runs/runs";
import type { Server } from "../server/server";
import type { Changes } from "./changes";
import { announced, leftOver } from "./inlineDiff";
import { neighbour, type Pending } from "./pending";
import { changeAtCursor, namedChange, runOf, type Named } from "./targets";

const KEEP = "selfRefine.accept";
const REVERT = "selfRefine.revert";

export class Answers {
  constructor(
    private readonly server: Server,
    private readonly runs: Runs,
    private readonly changes: Changes,
  ) {}

  /** Put the cursor at the next or previous change of the text in front. */
  go(direction: "next" | "previous"): void {
    const editor = window.activeTextEditor;
    const found = editor && this.changes.of(editor.document.uri);
    const change =
      editor &&
      found &&
      neighbour(found, editor.document.offsetAt(editor.selection.active), direction);
    if (editor && found && change) show(editor, found, change);
    else tell("No change is left to review in this text.");
  }

  keep(given?: unknown): Promise<void> {
    return this.answer(KEEP, given);
  }

  revert(given?: unknown): Promise<void> {
    return this.answer(REVERT, given);
  }

  keepAll(): Promise<void> {
    return this.answerAll(KEEP);
  }

  revertAll(): Promise<void> {
    return this.answerAll(REVERT);
  }

  accept(given?: unknown): Promise<void> {
    return this.decide(KEEP, given);
  }

  discard(given?: unknown): Promise<void> {
    return this.decide(REVERT, given);
  }

  /** Explain a change, beside the text. */
  async why(given?: unknown): Promise<void> {
    const named = namedChange(given) ?? this.atCursor();
    const run = named && this.runs.get(named.runId);
    if (named === undefined || run === undefined) {
      tell("Put the cursor on a change, then choose the command again.");
      return;
    }
    await commands.executeCommand("selfRefine.explain", { uri: run.uri, ...named });
  }

  /** The run that a command is about. */
  runOf(given: unknown, state: RunView["state"]): RunView | undefined {
    const document = window.activeTextEditor?.document;
    return runOf(this.runs, given, state, document && this.server.address(document.uri));
  }

  private atCursor(): Named | undefined {
    const editor = window.activeTextEditor;
    const found = editor && changeAtCursor(editor, this.changes.of(editor.document.uri));
    return found && { runId: found.runId, hunk: found.number };
  }

  /** Keep or revert one change; from the keyboard, go on to the next one. */
  private async answer(command: string, given: unknown): Promise<void> {
    const named = namedChange(given);
    if (named !== undefined) {
      await commands.executeCommand(command, named);
      return;
    }
    const editor = window.activeTextEditor;
    const found = editor === undefined ? [] : this.changes.of(editor.document.uri);
    const change = editor && changeAtCursor(editor, found);
    if (editor === undefined || change === undefined) {
      // Nothing is answered that the user does not look at.
      this.go("next");
      return;
    }
    const next = neighbour(found, change.start, "next");
    await commands.executeCommand(command, { runId: change.runId, hunk: change.number });
    this.goOn(command === KEEP ? "Kept" : "Reverted", editor, change, next);
  }

  /** Say what was done, and go to the change that followed. */
  private goOn(
    verb: "Kept" | "Reverted",
    editor: TextEditor,
    done: Pending,
    next: Pending | undefined,
  ): void {
    const left = this.changes.of(editor.document.uri).filter((each) => !isSame(each, done));
    announce(leftOver(verb, left.length));
    const there = next && left.find((each) => isSame(each, next));
    if (there) reveal(editor, there);
  }

  /** All changes of the text in front: those of every run, the newest first. */
  private async answerAll(command: string): Promise<void> {
    const editor = window.activeTextEditor;
    const found = editor === undefined ? [] : this.changes.of(editor.document.uri);
    const pending = new Set(found.map(({ runId }) => runId));
    const runs = this.runs.all().filter(({ runId }) => pending.has(runId));
    if (runs.length === 0) {
      tell("No change is left to review in this text.");
      return;
    }
    for (const { runId } of runs) await commands.executeCommand(command, { runId });
    announce(command === KEEP ? "All changes are kept." : "All changes are reverted.");
  }

  private async decide(command: string, given: unknown): Promise<void> {
    const run = this.runOf(given, "waiting");
    if (run === undefined) {
      tell("No result waits for review.");
      return;
    }
    await commands.executeCommand(command, { runId: run.runId });
    announce(command === KEEP ? "The result is accepted." : "The result is discarded.");
  }
}

function isSame(one: Pending, other: Pending): boolean {
  return one.runId === other.runId && one.number === other.number;
}

function show(editor: TextEditor, changes: readonly Pending[], change: Pending): void {
  reveal(editor, change);
  announce(announced(changes, change));
}

function reveal(editor: TextEditor, { start, end }: Pending): void {
  const { document } = editor;
  const place = document.positionAt(start);
  editor.selection = new Selection(place, place);
  editor.revealRange(
    new Range(place, document.positionAt(end)),
    TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
