/** The runs as the extension knows them: newest first, told by the server. Pure. */

import type { RunView } from "../protocol";

/** Most runs that are kept; the server keeps as many. */
const KEPT = 50;

type Listener = (run: RunView | undefined) => void;
type Forgotten = (runId: string) => void;

/** The runs of this server. */
export class Runs {
  private readonly views = new Map<string, RunView>();
  private readonly stages = new Map<string, string>();
  private readonly started = new Set<string>();
  private readonly listeners = new Set<Listener>();
  private readonly forgotten = new Set<Forgotten>();

  /** Hear of a run that has changed; of undefined where all may have. */
  onChange(listener: Listener): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Hear of a run that is no longer known: what belongs to it can go. */
  onForgotten(listener: Forgotten): { dispose(): void } {
    this.forgotten.add(listener);
    return { dispose: () => this.forgotten.delete(listener) };
  }

  /** Newest first. */
  all(): RunView[] {
    return [...this.views.values()].reverse();
  }

  get(runId: string): RunView | undefined {
    return this.views.get(runId);
  }

  /** The newest in a state; where a document is named, one of its own comes first. */
  newest(state: RunView["state"], uri?: string): RunView | undefined {
    const found = this.all().filter((run) => run.state === state);
    return found.find((run) => run.uri === uri) ?? found[0];
  }

  /** What a run does now, in the words of its progress. */
  stageOf(run: RunView): string {
    return this.stages.get(run.runId) ?? run.stage;
  }

  put(run: RunView): void {
    this.views.set(run.runId, run);
    if (run.state !== "running") this.over(run.runId);
    // As the server does it: what works or waits is kept longest.
    const done = this.all().filter(({ state }) => state === "ended" || state === "landed");
    const many = Math.max(0, this.views.size - KEPT);
    for (const { runId } of done.reverse().slice(0, many)) this.forget(runId);
    this.tell(run);
  }

  stage(runId: string, message: string): void {
    if (this.hasEnded(runId)) return;
    this.stages.set(runId, message);
    for (const oldest of beyond(this.stages.keys())) this.stages.delete(oldest);
    this.tell(this.views.get(runId));
  }

  /** The user of this window has started it: it may use the editor's model. */
  began(runId: string): void {
    if (this.hasEnded(runId)) return;
    this.started.add(runId);
    for (const oldest of beyond(this.started)) this.started.delete(oldest);
  }

  /** It works no longer: it needs no model, and has no stage. */
  over(runId: string): void {
    this.stages.delete(runId);
    this.started.delete(runId);
  }

  /** Whether anything that the user has started is at work. */
  anyStartedHere(): boolean {
    return this.started.size > 0;
  }

  startedHere(runId: string): boolean {
    return this.started.has(runId);
  }

  /** The server has ended; what it knows still, the next one tells again. */
  clear(): void {
    for (const runId of [...this.views.keys()]) this.forget(runId);
    this.stages.clear();
    this.started.clear();
    this.tell(undefined);
  }

  private hasEnded(runId: string): boolean {
    const state = this.views.get(runId)?.state;
    return state !== undefined && state !== "running";
  }

  private forget(runId: string): void {
    this.views.delete(runId);
    this.over(runId);
    for (const listener of this.forgotten) listener(runId);
  }

  private tell(run: RunView | undefined): void {
    for (const listener of this.listeners) listener(run);
  }
}

/** The oldest of them, where there are more than are kept. */
function beyond(runIds: Iterable<string>): string[] {
  return [...runIds].slice(0, -KEPT);
}
