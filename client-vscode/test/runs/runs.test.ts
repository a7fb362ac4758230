import { expect, test } from "vitest";

import type { FindingView, RunView } from "../../src/protocol";
import { Runs, childrenOf, wordsOf, type Node } from "../../src/runs/runs";

const RANGE = { start: { line: 2, character: 0 }, end: { line: 4, character: 1 } };

const FINDING: FindingView = {
  criterion: "notes/plain-words",
  severity: "warning",
  problem: "A reader would not use this word.",
  quote: "leverage",
  fixedIn: 1,
  range: null,
};

function run(runId: string, more: Partial<RunView> = {}): RunView {
  return {
    runId,
    uri: "file:///home/notes/release%20note.md",
    kind: "refine",
    title: "Self-refine",
    state: "landed",
    stage: "",
    whyWaiting: "",
    held: false,
    model: "",
    stop: "approved",
    detail: "",
    calls: 2,
    tokens: 4100,
    estimated: true,
    range: RANGE,
    passes: [
      { number: 0, origin: "original", findings: [FINDING] },
      { number: 1, origin: "rewrite", findings: [] },
    ],
    changes: [
      { number: 0, state: "landed", before: "leverage", after: "use", answers: [], range: RANGE },
      { number: 1, state: "kept", before: "very ", after: "", answers: [], range: null },
    ],
    ...more,
  };
}

/** The whole tree, as it reads. */
function tree(runs: Runs, node?: Node, depth = 0): string[] {
  return childrenOf(runs, node).flatMap((child) => {
    const { label, description } = wordsOf(runs, child);
    return [`${"  ".repeat(depth)}${label} | ${description}`, ...tree(runs, child, depth + 1)];
  });
}

test("a run reads as its text, its passes with their findings, and its changes", () => {
  const runs = new Runs();
  runs.put(run("a"));
  expect(tree(runs)).toEqual([
    "Refined release note.md:3 | stopped: approved · ~4.1k tokens",
    "  As it was | 1 finding, 1 resolved later",
    "    A reader would not use this word. | notes/plain-words · resolved in pass 1",
    "  Pass 1 | 0 findings",
    "  2 changes | ",
    "    “leverage” → “use” | landed",
    "    − “very” | kept",
  ]);
});

test("runs stand newest first, and one that changes stays where it is", () => {
  const runs = new Runs();
  for (const id of ["a", "b", "c"]) runs.put(run(id));
  runs.put(run("a", { state: "ended" }));
  expect(runs.all().map((each) => each.runId)).toEqual(["c", "b", "a"]);
});

test("a running run says what its progress says, until it ends", () => {
  const runs = new Runs();
  runs.put(run("a", { state: "running", stop: "", tokens: 0, passes: [], changes: [] }));
  runs.stage("a", "pass 2 of 3 · critique · 3 findings");
  expect(tree(runs)).toEqual(["Refined release note.md:3 | pass 2 of 3 · critique · 3 findings"]);
  runs.put(run("a", { passes: [], changes: [], tokens: 0 }));
  expect(tree(runs)).toEqual(["Refined release note.md:3 | stopped: approved"]);
});

test("fifty runs are kept", () => {
  const runs = new Runs();
  for (let at = 0; at < 60; at++) runs.put(run(`${at}`));
  expect(runs.all()).toHaveLength(50);
  expect(runs.get("9")).toBeUndefined();
  expect(runs.get("10")).toBeDefined();
});

test("the oldest that nobody waits for goes first, and who keeps something of it hears so", () => {
  const runs = new Runs();
  const gone: string[] = [];
  runs.onForgotten((runId) => gone.push(runId));
  runs.put(run("held", { state: "waiting" }));
  for (let at = 0; at < 51; at++) runs.put(run(`${at}`));
  expect(gone).toEqual(["0", "1"]);
  expect(runs.get("held")).toBeDefined();
  runs.clear();
  expect(gone).toHaveLength(52);
});

test("a run that has ended keeps no stage, and gets no model any more", () => {
  const runs = new Runs();
  runs.put(run("a", { state: "running" }));
  runs.began("a");
  runs.stage("a", "pass 1 of 3");
  runs.put(run("a", { state: "landed" }));
  runs.stage("a", "pass 2 of 3");
  runs.began("a");
  expect(runs.startedHere("a")).toBe(false);
  expect(runs.stageOf(run("a", { stage: "" }))).toBe("");
  runs.began("doctor");
  runs.over("doctor");
  expect(runs.startedHere("doctor")).toBe(false);
});

test("of runs that are never told, fifty are remembered", () => {
  const runs = new Runs();
  for (let at = 0; at < 60; at++) {
    runs.began(`${at}`);
    runs.stage(`${at}`, "pass 1 of 3");
  }
  expect([runs.startedHere("9"), runs.startedHere("10")]).toEqual([false, true]);
  expect(runs.stageOf(run("9"))).toBe("");
});

test("a run is of this window only once the user has started it here", () => {
  const runs = new Runs();
  runs.put(run("a", { state: "running" }));
  expect(runs.startedHere("a")).toBe(false);
  runs.began("a");
  expect(runs.startedHere("a")).toBe(true);
  runs.clear();
  expect(runs.startedHere("a")).toBe(false);
});
