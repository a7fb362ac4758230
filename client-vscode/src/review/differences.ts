/** The differences of results that wait: the document beside what it would be. */

import { TabInputTextDiff, window, workspace, type Uri } from "vscode";

import { preview, type RunView } from "../protocol";
import type { Server } from "../server/server";
import { runOfResult, type Pages } from "./pages";

export class Differences {
  private readonly seen = new Set<string>();

  constructor(
    private readonly server: Server,
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
    } else if (run.held && !run.restored) {
      await this.open(run);
    }
  }

  /** Nothing is left to review of a run. */
  forget(runId: string): void {
    this.seen.delete(runId);
    this.pages.forget(runId);
  }

  /** Show the document beside what it would be. */
  async open(run: RunView): Promise<void> {
    const after = await this.after(run);
    if (after === undefined) return;
    this.seen.add(run.runId);
    const uri = this.uri(run);
    await this.pages.difference(run.runId, uri, after, `${run.file}: now ↔ refined`);
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
    return this.server.uri(run.uri);
  }
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
