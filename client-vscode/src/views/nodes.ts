/** What the view of runs lists, and how each row reads. Pure. */

import type {
  ChangeState,
  ChangeView,
  CriterionView,
  FindingView,
  PassView,
  RunView,
} from "../protocol";
import type { Runs } from "../runs/runs";
import { clip, count, short } from "../words";

export type Node =
  | { kind: "run"; run: RunView }
  | { kind: "criteria"; run: RunView }
  | { kind: "criterion"; run: RunView; criterion: CriterionView }
  | { kind: "passes"; run: RunView }
  | { kind: "pass"; run: RunView; pass: PassView }
  /** `under`: which row it stands below; one finding may stand below a pass and a criterion. */
  | { kind: "finding"; run: RunView; finding: FindingView; under: string }
  | { kind: "changes"; run: RunView }
  | { kind: "change"; run: RunView; change: ChangeView };

/** What stands below a node; without a node, the runs. */
export function childrenOf(runs: Runs, node?: Node): Node[] {
  if (node === undefined) return runs.all().map((run) => ({ kind: "run", run }));
  const { run } = node;
  switch (node.kind) {
    case "run":
      return rooms(run);
    case "criteria":
      return run.criteria.map((criterion) => ({ kind: "criterion", run, criterion }));
    case "passes":
      return run.passes.map((pass) => ({ kind: "pass", run, pass }));
    case "pass":
      return findingNodes(run, node.pass.findings, `pass/${node.pass.number}`);
    case "changes":
      return run.changes.map((change) => ({ kind: "change", run, change }));
    case "criterion":
      return findingNodes(
        run,
        openFindings(run, node.criterion),
        `criterion/${node.criterion.criterion}`,
      );
    case "finding":
    case "change":
      return [];
  }
}

function rooms(run: RunView): Node[] {
  const found: Node[] = [];
  if (run.criteria.length > 0) found.push({ kind: "criteria", run });
  if (run.passes.length > 0) found.push({ kind: "passes", run });
  if (run.changes.length > 0) found.push({ kind: "changes", run });
  return found;
}

function findingNodes(run: RunView, findings: readonly FindingView[], parent: string): Node[] {
  return findings.map((finding, at) => ({
    kind: "finding",
    run,
    finding,
    under: `${parent}/${at}`,
  }));
}

/** What is left of a criterion that fails: what nobody has resolved. */
function openFindings(run: RunView, { criterion, state }: CriterionView): FindingView[] {
  if (state !== "fail") return [];
  const findings = run.passes.flatMap((pass) => pass.findings);
  return findings.filter((finding) => finding.criterion === criterion && finding.fixedIn === null);
}

/** How a node reads: its own words, what stands beside them in grey, and what is said aloud. */
export interface Words {
  label: string;
  description: string;
  /** For screen readers. */
  spoken: string;
}

export function wordsOf(runs: Runs, node: Node, clock: (iso: string) => string): Words {
  switch (node.kind) {
    case "run":
      return runWords(runs, node.run, clock);
    case "criteria":
      return plain("Criteria", aboutCriteria(node.run.criteria));
    case "criterion":
      return criterionWords(node.criterion);
    case "passes":
      return plain("Passes", count(node.run.passes.length - 1, "rewrite"));
    case "pass":
      return plain(passName(node.pass), aboutPass(node.pass));
    case "finding":
      return plain(node.finding.problem, aboutFinding(node.finding));
    case "changes":
      return plain("Changes", aboutChanges(node.run));
    case "change":
      return changeWords(node.change);
  }
}

function plain(label: string, description: string): Words {
  return { label, description, spoken: description ? `${label}, ${description}` : label };
}

const DID = { refine: "Refined", critique: "Critiqued", generate: "Written" };

function runWords(runs: Runs, run: RunView, clock: (iso: string) => string): Words {
  const label = `${run.file}:${run.line}`;
  const parts = [clock(run.began), aboutRun(runs, run)];
  if (run.tokens > 0) parts.push(`${run.estimated ? "~" : ""}${short(run.tokens)} tokens`);
  const description = parts.filter(Boolean).join(" · ");
  return {
    label,
    description,
    spoken: `${DID[run.kind]} ${run.file}, line ${run.line}: ${description}`,
  };
}

function aboutRun(runs: Runs, run: RunView): string {
  if (run.state === "running") return runs.stageOf(run) || "starting";
  if (run.state === "waiting") return `result waits for review · ${run.verdict.sentence}`;
  return run.verdict.sentence;
}

const STATES: Record<CriterionView["state"], string> = {
  pass: "passes",
  fail: "fails",
  notApplicable: "does not apply",
  notChecked: "not checked",
  pending: "not judged yet",
};

function aboutCriteria(criteria: readonly CriterionView[]): string {
  return (["pass", "fail", "notChecked", "pending"] as const)
    .map((state) => [state, criteria.filter((each) => each.state === state).length] as const)
    .filter(([, many]) => many > 0)
    .map(([state, many]) => `${many} ${COUNTED[state](many)}`)
    .join(" · ");
}

const COUNTED = {
  pass: (many: number) => (many === 1 ? "passes" : "pass"),
  fail: (many: number) => (many === 1 ? "fails" : "fail"),
  notChecked: () => "not checked",
  pending: () => "not judged yet",
};

function criterionWords(criterion: CriterionView): Words {
  const { question, reason, findings } = criterion;
  const state = STATES[criterion.state];
  const more = criterion.state === "fail" ? count(findings, "finding") : reason;
  const description = [state, more, criterion.criterion].filter(Boolean).join(" · ");
  const label = question || criterion.criterion;
  const spoken = `${state}: ${label}${more ? `, ${more}` : ""}, severity ${criterion.severity}`;
  return { label, description, spoken };
}

function passName(pass: PassView): string {
  return pass.number === 0 ? "Original text" : `Pass ${pass.number}`;
}

function aboutPass(pass: PassView): string {
  const fixed = pass.findings.filter((finding) => finding.fixedIn !== null).length;
  const found = pass.findings.length === 0 ? "no findings" : count(pass.findings.length, "finding");
  return fixed > 0 ? `${found}, ${fixed} resolved later` : found;
}

function aboutFinding(finding: FindingView): string {
  const resolved = finding.fixedIn === null ? "" : ` · resolved in pass ${finding.fixedIn}`;
  return `${finding.criterion}${resolved}`;
}

function aboutChanges({ counts }: RunView): string {
  const parts = [
    counts.pending > 0 ? `${counts.pending} to review` : "",
    counts.kept > 0 ? `${counts.kept} kept` : "",
    counts.reverted > 0 ? `${counts.reverted} reverted` : "",
  ];
  return parts.filter(Boolean).join(" · ") || count(counts.changes, "change");
}

const CHANGES: Record<ChangeState, string> = {
  waiting: "not in the text yet",
  landed: "to review",
  kept: "kept",
  reverted: "reverted",
  edited: "edited by you",
};

function changeWords(change: ChangeView): Words {
  const label = change.title || aboutWords(change);
  return plain(label, CHANGES[change.state]);
}

function aboutWords(change: ChangeView): string {
  const before = clip(change.before, 40);
  const after = clip(change.after, 40);
  if (!before) return `+ “${after}”`;
  return after ? `“${before}” → “${after}”` : `− “${before}”`;
}
