/** Owns reviewing results: the difference beside the text, accept, discard, change by change. */

import { TabInputTextDiff, Uri, commands, window, workspace } from "vscode";

import { runOfResult, type Pages } from "./pages";
import { preview, type RunView } from "../protocol";
import type { Node, Runs } from "../runs/runs";
import type { Server } from "../server/server";

export class Review {
  private readonly seen = new Set<string>();

  constructor(
    private readonly server: Server,
    private readonly runs: Runs,
    private readonly pages: Pages,
  ) {}

  /** A run has changed: open the difference once where it is held, close it once decided. */
  async follow(run: RunView): Promise<void> {
    if (run.state !== "waiting") {
      if (this.seen.has(run.runId)) await closeDifference(run.runId);
      this.forget(run.runId);
      return;
    }
    if (this.seen.has(run.runId)) {
      await this.renew(run);
    } else if (run.held) {
      await this.difference(run);
    }
  }

  /** Nothing is left to review of a run. */
  forget(runId: string): void {
    this.seen.delete(runId);
    this.pages.forget(runId);
  }

  /** Show the document beside what it would be. */
  async difference(run: RunView): Promise<void> {
    const after = await this.after(run);
    if (after === undefined) return;
    this.seen.add(run.runId);
    const uri = this.uri(run);
    const name = uri.path.split("/").at(-1) ?? uri.path;
    await this.pages.difference(run.runId, uri, after, `${name}: as it is ↔ refined`);
  }

  async accept(given: unknown): Promise<void> {
    await this.decide("selfRefine.accept", given);
  }

  async discard(given: unknown): Promise<void> {
    await this.decide("selfRefine.revert", given);
  }

  /** The run that a command is about: a tree item, the difference at hand, or the newest. */
  runOf(given: unknown, state: RunView["state"]): RunView | undefined {
    const named =
      nodeOf(given)?.run.runId ??
      (given instanceof Uri ? runOfResult(given) : undefined) ??
      runOfResult(window.activeTextEditor?.document.uri);
    return named === undefined ? this.runs.newest(state) : this.runs.get(named);
  }

  private async decide(command: string, given: unknown): Promise<void> {
    const run = this.runOf(given, "waiting");
    if (run === undefined) {
      void window.showInformationMessage("No refined text waits.");
      return;
    }
    await commands.executeCommand(command, { runId: run.runId });
  }

  private async renew(run: RunView): Promise<void> {
    const after = await this.after(run);
    if (after !== undefined) this.pages.renew(run.runId, this.uri(run), after);
  }

  private async after(run: RunView): Promise<string | undefined> {
    const found = await this.server.client()?.sendRequest(preview, { runId: run.runId });
    return found?.after;
  }

  private uri(run: RunView): Uri {
    return this.server.client()?.protocol2CodeConverter.asUri(run.uri) ?? Uri.parse(run.uri);
  }
}

/** A tree item that a command was called on. */
export function nodeOf(given: unknown): Node | undefined {
  return typeof given === "object" && given !== null && "kind" in given && "run" in given
    ? (given as Node)
    : undefined;
}

/** Keep or revert one change, as the tree offers it. */
export async function decideChange(command: string, given: unknown): Promise<void> {
  const node = nodeOf(given);
  if (node?.kind !== "change") return;
  await commands.executeCommand(command, { runId: node.run.runId, hunk: node.change.number });
}

async function closeDifference(runId: string): Promise<void> {
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      (tab) => tab.input instanceof TabInputTextDiff && runOfResult(tab.input.modified) === runId,
    );
  const [first] = tabs;
  if (first === undefined) return;
  const original = first.input instanceof TabInputTextDiff ? first.input.original : undefined;
  await window.tabGroups.close(tabs);
  if (original !== undefined) {
    await window.showTextDocument(await workspace.openTextDocument(original), { preview: false });
  }
}
