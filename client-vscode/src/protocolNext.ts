/** What the server is about to say beside `protocol.ts`: joined to it when it does. */

import type { Range } from "vscode-languageclient/node";
import { NotificationType, RequestType } from "vscode-languageclient/node";

import type { Severity } from "./protocol";

declare module "./protocol" {
  interface RunView {
    /** ISO 8601, UTC. */
    began: string;
    /** Name of the document as users know it. */
    file: string;
    /** Where the selection starts now, from 1. */
    line: number;
    /** It came back after a restart. */
    restored: boolean;
    instruction: string;
    verdict: Verdict;
    counts: Counts;
    criteria: CriterionView[];
  }

  interface ChangeView {
    /** In short, such as `"utilise" → "use"`. */
    title: string;
    parts: PartView[];
    why: WhyView[];
  }

  interface OfferView {
    /** Why it is not for this text; "" where it is. */
    whyNot: string;
  }
}

/** A stretch of words inside a change, for the inline diff. */
export interface PartView {
  /** Of the new words once they are in the text (empty: only taken out), of the old ones before. */
  range: Range | null;
  before: string;
  after: string;
}

/** What a change answers. */
export interface WhyView {
  criterion: string;
  question: string;
  problem: string;
  fix: string;
}

export interface Verdict {
  kind: VerdictKind;
  /** For the user. */
  sentence: string;
}

/** The one count: nothing is counted beside it. */
export interface Counts {
  changes: number;
  /** Changes to decide. */
  pending: number;
  kept: number;
  reverted: number;
  /** Findings that are left. */
  open: number;
  resolved: number;
  unchecked: number;
}

export interface CriterionView {
  criterion: string;
  question: string;
  severity: Severity;
  by: "check" | "model";
  state: CriterionState;
  /** Why it was not checked; "" else. */
  reason: string;
  /** Open findings in the text as it stands. */
  findings: number;
  /** Where it is written; "" where in no file. */
  uri: string;
  /** From 1. */
  line: number;
}

export interface ActParams {
  action: Action;
  /** "" where it is about no document. */
  uri: string;
  runId: string;
}

export interface StatusView {
  kind: StatusKind;
  text: string;
  detail: string;
  action: Action | "";
}

export interface UnitParams {
  uri: string;
  range: Range;
}

/** The paragraph or definition that a cursor stands in. */
export interface UnitView {
  range: Range;
  name: string;
}

/** What the command `selfRefine.review` is given. */
export interface ReviewArgument {
  uri: string;
  runId: string;
  /** Numbers of changes; none for a result that waits. */
  hunks: number[];
}

export type VerdictKind =
  "running" | "approved" | "open" | "unchecked" | "failed" | "cancelled" | "refused";

export type CriterionState = "pass" | "fail" | "notApplicable" | "notChecked" | "pending";

/** What a button asks of the client, and the one thing that helps where something is missing. */
export type Action =
  | "setApiKey"
  | "chooseModel"
  | "showLog"
  | "manageTrust"
  | "openSettings"
  | "newCriteria"
  | "chooseCriteria";

export type StatusKind =
  "ready" | "untrusted" | "noCriteria" | "noModel" | "brokenCriteria" | "secretFile" | "notOurs";

export const status = new RequestType<{ uri: string }, StatusView, void>("selfRefine/status");
export const statusChanged = new NotificationType<null>("selfRefine/statusChanged");
export const unit = new RequestType<UnitParams, UnitView | null, void>("selfRefine/unit");
export const act = new NotificationType<ActParams>("selfRefine/act");
