/** Which icon and colour a row of the view has: the shape alone says the state, the colour repeats it. Pure. */

import type { ChangeState, CriterionState, RunView, Severity } from "../protocol";
import type { Node } from "./nodes";

export interface Icon {
  id: string;
  /** Of VS Code's theme; "" for the colour of the text. */
  color: string;
}

const icon = (id: string, color = ""): Icon => ({ id, color });
const GOOD = "testing.iconPassed";
const BAD = "list.errorForeground";
const CARE = "list.warningForeground";

const VERDICTS: Record<RunView["verdict"]["kind"], Icon> = {
  running: icon("loading~spin"),
  approved: icon("pass", GOOD),
  open: icon("warning", CARE),
  unchecked: icon("circle-slash"),
  failed: icon("error", BAD),
  cancelled: icon("circle-slash"),
  refused: icon("circle-slash"),
};

const CRITERIA: Record<CriterionState, Icon> = {
  pass: icon("pass", GOOD),
  fail: icon("error", BAD),
  notApplicable: icon("dash"),
  notChecked: icon("circle-slash"),
  pending: icon("circle-outline"),
};

const CHANGES: Record<ChangeState, Icon> = {
  waiting: icon("bell-dot"),
  landed: icon("circle-filled", "charts.blue"),
  kept: icon("check", GOOD),
  reverted: icon("discard"),
  edited: icon("edit"),
};

const SEVERITIES: Record<Severity, Icon> = {
  error: icon("error", BAD),
  warning: icon("warning", CARE),
  info: icon("info"),
  hint: icon("lightbulb"),
};

export function iconOf(node: Node): Icon {
  switch (node.kind) {
    case "run":
      return iconOfRun(node.run);
    case "criteria":
      return icon("checklist");
    case "criterion":
      return CRITERIA[node.criterion.state];
    case "passes":
    case "pass":
      return icon("history");
    case "finding":
      return node.finding.fixedIn === null
        ? SEVERITIES[node.finding.severity]
        : icon("pass-filled");
    case "changes":
      return icon("diff");
    case "change":
      return CHANGES[node.change.state];
  }
}

/** A tick is shown only where the server says `approved`: never while a criterion is unchecked. */
function iconOfRun(run: RunView): Icon {
  if (run.state === "running") return VERDICTS.running;
  if (run.state === "waiting") return icon("bell-dot", "charts.blue");
  return VERDICTS[run.verdict.kind];
}
