/** What happens where a result lands: the selection gives way, so that the changes are seen. */

import { Selection, window, type Disposable } from "vscode";

import type { RunState, RunView } from "../protocol";
import type { Runs } from "../runs/runs";
import type { Places } from "./changes";

export class Landings implements Disposable {
  private readonly states = new Map<string, RunState>();
  private readonly following: Disposable[];

  constructor(
    runs: Runs,
    private readonly places: Places,
  ) {
    this.following = [
      runs.onChange((run) => {
        if (run) this.follow(run);
      }),
      runs.onForgotten((runId) => this.states.delete(runId)),
    ];
  }

  dispose(): void {
    for (const each of this.following) each.dispose();
  }

  private follow(run: RunView): void {
    const before = this.states.get(run.runId);
    this.states.set(run.runId, run.state);
    const hasLanded = before === "running" || before === "waiting";
    if (hasLanded && run.state === "landed") this.collapse(run);
  }

  /** Put the cursor at the first change where the selection covers some of them. */
  private collapse(run: RunView): void {
    const address = this.places.uri(run.uri).toString();
    const first = run.changes.find(({ range }) => range !== null)?.range;
    for (const editor of window.visibleTextEditors) {
      const { document, selection } = editor;
      if (document.uri.toString() !== address || selection.isEmpty || !first) continue;
      const { start, end } = this.places.stretch(document, run.range);
      const isElsewhere =
        document.offsetAt(selection.end) < start || document.offsetAt(selection.start) > end;
      if (isElsewhere) continue;
      const place = document.positionAt(this.places.stretch(document, first).start);
      editor.selection = new Selection(place, place);
    }
  }
}
