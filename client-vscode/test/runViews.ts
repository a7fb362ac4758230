/** Runs as the server tells them, for tests. */

import type { ChangeView, RunView } from "../src/protocol";

export const RANGE = { start: { line: 2, character: 0 }, end: { line: 4, character: 1 } };

export function change(number: number, more: Partial<ChangeView> = {}): ChangeView {
  return {
    number,
    state: "landed",
    title: "",
    before: "",
    after: "",
    answers: [],
    range: RANGE,
    parts: [],
    why: [],
    ...more,
  };
}

export function runView(more: Partial<RunView> = {}): RunView {
  return {
    runId: "a",
    uri: "file:///home/notes/release%20note.md",
    kind: "refine",
    title: "Self-refine",
    began: "2026-11-28T14:02:11Z",
    file: "release note.md",
    line: 3,
    state: "landed",
    stage: "",
    whyWaiting: "",
    held: false,
    restored: false,
    instruction: "",
    model: "",
    verdict: { kind: "approved", sentence: "No criterion fails." },
    counts: { changes: 0, pending: 0, kept: 0, reverted: 0, open: 0, resolved: 0, unchecked: 0 },
    criteria: [],
    stop: "approved",
    detail: "",
    calls: 2,
    tokens: 0,
    estimated: false,
    range: RANGE,
    passes: [],
    changes: [],
    ...more,
  };
}
