/** Owns the runs as the extension knows them: newest first, told by the server. Pure. */

import type { ChangeView, FindingView, PassView, RunView } from "../protocol";

/** Most runs that are kept; the server keeps as many. */
const KEPT = 50;

export type Node =
  | { kind: "run"; run: RunView }
  | { kind: "pass"; run: RunView; pass: PassView }
  | { kind: "finding"; run: RunView; finding: FindingView }
  | { kind: "changes"; run: RunView }
  | { kind: "change"; run: RunView; change: ChangeView };

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

  /** The newest in a state. */
  newest(state: RunView["state"]): RunView | undefined {
    return this.all().find((run) => run.state === state);
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

  /** The server has ended, and its runs with it. */
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

/** What stands below a node; without a node, the runs. */
export function childrenOf(runs: Runs, node?: Node): Node[] {
  if (node === undefined) return runs.all().map((run) => ({ kind: "run", run }));
  const { run } = node;
  switch (node.kind) {
    case "run": {
      const passes = run.passes.map((pass): Node => ({ kind: "pass", run, pass }));
      return run.changes.length > 0 ? [...passes, { kind: "changes", run }] : passes;
    }
    case "pass":
      return node.pass.findings.map((finding) => ({ kind: "finding", run, finding }));
    case "changes":
      return run.changes.map((change) => ({ kind: "change", run, change }));
    case "finding":
    case "change":
      return [];
  }
}

/** How a node reads: its own words, and what stands beside them in grey. */
export interface Words {
  label: string;
  description: string;
}

export function wordsOf(runs: Runs, node: Node): Words {
  switch (node.kind) {
    case "run":
      return { label: nameOf(node.run), description: aboutRun(runs, node.run) };
    case "pass":
      return { label: passName(node.pass), description: aboutPass(node.pass) };
    case "finding":
      return { label: node.finding.problem, description: aboutFinding(node.finding) };
    case "changes":
      return { label: count(node.run.changes.length, "change"), description: "" };
    case "change":
      return { label: aboutWords(node.change), description: node.change.state };
  }
}

const NAMES = { refine: "Refined", critique: "Judged", generate: "Written" };

/** Where it began, as people count lines. */
function nameOf(run: RunView): string {
  return `${NAMES[run.kind]} ${fileName(run.uri)}:${run.range.start.line + 1}`;
}

function aboutRun(runs: Runs, run: RunView): string {
  const parts: string[] = [];
  if (run.state === "running") parts.push(runs.stageOf(run) || "starting");
  if (run.state === "waiting") parts.push("waits for you");
  if (run.stop) parts.push(`stopped: ${run.stop}${run.detail ? ` (${run.detail})` : ""}`);
  if (run.tokens > 0) parts.push(`${run.estimated ? "~" : ""}${short(run.tokens)} tokens`);
  return parts.join(" · ");
}

function passName(pass: PassView): string {
  return pass.number === 0 ? "As it was" : `Pass ${pass.number}`;
}

function aboutPass(pass: PassView): string {
  const fixed = pass.findings.filter((finding) => finding.fixedIn !== null).length;
  const found = count(pass.findings.length, "finding");
  return fixed > 0 ? `${found}, ${fixed} resolved later` : found;
}

function aboutFinding(finding: FindingView): string {
  const resolved = finding.fixedIn === null ? "" : ` · resolved in pass ${finding.fixedIn}`;
  return `${finding.criterion}${resolved}`;
}

function aboutWords(change: ChangeView): string {
  const before = clip(change.before);
  const after = clip(change.after);
  if (!before) return `+ “${after}”`;
  return after ? `“${before}” → “${after}”` : `− “${before}”`;
}

function clip(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

function fileName(uri: string): string {
  const last = uri.split("/").at(-1) ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function short(tokens: number): string {
  return tokens >= 1000 ? `${(tokens / 1000).toFixed(1)}k` : `${tokens}`;
}

export function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}
