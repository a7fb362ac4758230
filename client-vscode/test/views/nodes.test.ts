import { expect, test } from "vitest";

import type { CriterionView, FindingView, RunView } from "../../src/protocol";
import { Runs } from "../../src/runs/runs";
import { iconOf } from "../../src/views/icons";
import { childrenOf, wordsOf, type Node } from "../../src/views/nodes";
import { change, runView } from "../runViews";

const FINDING: FindingView = {
  criterion: "notes/plain-words",
  severity: "warning",
  problem: "A reader would not use this word.",
  quote: "leverage",
  fixedIn: 1,
  range: null,
};

function criterion(name: string, more: Partial<CriterionView>): CriterionView {
  return {
    criterion: `notes/${name}`,
    question: `Is it ${name}?`,
    severity: "error",
    by: "model",
    state: "pass",
    reason: "",
    findings: 0,
    uri: "file:///criteria/notes.criteria.md",
    line: 12,
    ...more,
  };
}

const RUN = runView({
  verdict: { kind: "open", sentence: "1 finding is left." },
  tokens: 4100,
  estimated: true,
  criteria: [
    criterion("plain", {}),
    criterion("short", { state: "fail", findings: 1 }),
    criterion("kind", { state: "notChecked", reason: "No model is configured." }),
  ],
  passes: [
    { number: 0, origin: "original", findings: [FINDING] },
    {
      number: 1,
      origin: "rewrite",
      findings: [{ ...FINDING, criterion: "notes/short", fixedIn: null, problem: "It is long." }],
    },
  ],
  changes: [
    change(0, { title: "“leverage” → “use”", state: "landed" }),
    change(1, { title: "− “very”", state: "kept" }),
    change(2, { title: "− “kindly”", state: "reverted" }),
  ],
  counts: { changes: 3, pending: 1, kept: 1, reverted: 1, open: 1, resolved: 1, unchecked: 1 },
});

const clock = (iso: string): string => iso.slice(11, 16);

/** The whole tree, as it reads: icon, label, description. */
function tree(runs: Runs, node?: Node, depth = 0): string[] {
  return childrenOf(runs, node).flatMap((child) => {
    const { label, description } = wordsOf(runs, child, clock);
    const row = `${"  ".repeat(depth)}[${iconOf(child).id}] ${label} | ${description}`;
    return [row, ...tree(runs, child, depth + 1)];
  });
}

function runsWith(...views: RunView[]): Runs {
  const runs = new Runs();
  for (const view of views) runs.put(view);
  return runs;
}

test("a run reads as its head, the checklist, its passes and its changes, an icon for each state", () => {
  expect(tree(runsWith(RUN))).toEqual([
    "[warning] release note.md:3 | 14:02 · 1 finding is left. · ~4.1k tokens",
    "  [checklist] Criteria | 1 passes · 1 fails · 1 not checked",
    "    [pass] Is it plain? | passes · notes/plain",
    "    [error] Is it short? | fails · 1 finding · notes/short",
    "      [warning] It is long. | notes/short",
    "    [circle-slash] Is it kind? | not checked · No model is configured. · notes/kind",
    "  [history] Passes | 1 rewrite",
    "    [history] Original text | 1 finding, 1 resolved later",
    "      [pass-filled] A reader would not use this word. | notes/plain-words · resolved in pass 1",
    "    [history] Pass 1 | 1 finding",
    "      [warning] It is long. | notes/short",
    "  [diff] Changes | 1 to review · 1 kept · 1 reverted",
    "    [circle-filled] “leverage” → “use” | to review",
    "    [check] − “very” | kept",
    "    [discard] − “kindly” | reverted",
  ]);
});

test("a tick is for what is approved alone; a failed run looks failed and says why", () => {
  const kinds = ["approved", "open", "unchecked", "failed", "cancelled", "refused"] as const;
  const icons = kinds.map((kind) => {
    const run = runView({ state: "ended", verdict: { kind, sentence: "" } });
    return iconOf({ kind: "run", run }).id;
  });
  expect(icons).toEqual([
    "pass",
    "warning",
    "circle-slash",
    "error",
    "circle-slash",
    "circle-slash",
  ]);
  const sentence = "The model failed: it did not answer.";
  const failed = runView({ state: "ended", verdict: { kind: "failed", sentence } });
  expect(tree(runsWith(failed))[0]).toContain(sentence);
});

test("states of a kind differ in their shape, not in their colour alone", () => {
  const shapes = (nodes: Node[]): Set<string> => new Set(nodes.map((node) => iconOf(node).id));
  const states = ["waiting", "landed", "kept", "reverted", "edited"] as const;
  const changes = states.map((state): Node => ({
    kind: "change",
    run: RUN,
    change: change(0, { state }),
  }));
  expect(shapes(changes).size).toBe(states.length);
  const verdicts = ["pass", "fail", "notApplicable", "notChecked", "pending"] as const;
  const criteria = verdicts.map((state): Node => ({
    kind: "criterion",
    run: RUN,
    criterion: criterion("plain", { state }),
  }));
  expect(shapes(criteria).size).toBe(verdicts.length);
});

test("a running run says what its progress says, until it ends", () => {
  const runs = runsWith(runView({ state: "running", stop: "", passes: [], changes: [] }));
  runs.stage("a", "pass 2 of 3 · critique · 3 findings");
  expect(tree(runs)).toEqual([
    "[loading~spin] release note.md:3 | 14:02 · pass 2 of 3 · critique · 3 findings",
  ]);
});

test("screen readers hear what a row says in words, the state of a criterion first", () => {
  const runs = runsWith(RUN);
  const spoken = (node: Node): string => wordsOf(runs, node, clock).spoken;
  expect(spoken({ kind: "run", run: RUN })).toBe(
    "Refined release note.md, line 3: 14:02 · 1 finding is left. · ~4.1k tokens",
  );
  const fails = criterion("short", { state: "fail", findings: 1 });
  expect(spoken({ kind: "criterion", run: RUN, criterion: fails })).toBe(
    "fails: Is it short?, 1 finding, severity error",
  );
});

test("a result that waits says so before its verdict", () => {
  const verdict = { kind: "approved", sentence: "No criterion fails." } as const;
  expect(tree(runsWith(runView({ state: "waiting", verdict })))[0]).toBe(
    "[bell-dot] release note.md:3 | 14:02 · result waits for review · No criterion fails.",
  );
});
