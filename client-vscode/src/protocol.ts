/**
 * The messages beyond LSP. Mirrors `server/self_refine/editor/requests/custom_messages.py`; both are
 * described in `docs/protocol.md`, and a test holds the three together.
 */

import type { Range } from "vscode-languageclient/node";
import { NotificationType, ProgressType, RequestType } from "vscode-languageclient/node";

export type RunKind = "refine" | "critique" | "generate";
export type RunState = "running" | "waiting" | "landed" | "ended";
/** `edited`: the user typed over it, so nothing can be done with it until that is undone. */
export type ChangeState = "waiting" | "landed" | "kept" | "reverted" | "edited";
export type Severity = "error" | "warning" | "info" | "hint";

export interface FindingView {
  criterion: string;
  severity: Severity;
  problem: string;
  quote: string;
  /** Number of the pass in which it was gone; null while it is open. */
  fixedIn: number | null;
  /** Where its words stand in the document now; null where they do not. */
  range: Range | null;
}

export interface PassView {
  /** 0 for the text as it was given. */
  number: number;
  origin: string;
  findings: FindingView[];
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

export interface ChangeView {
  number: number;
  state: ChangeState;
  /** In short, such as `"utilise" → "use"`. */
  title: string;
  before: string;
  after: string;
  answers: string[];
  range: Range | null;
  parts: PartView[];
  why: WhyView[];
}

export type VerdictKind =
  "running" | "approved" | "open" | "unchecked" | "failed" | "cancelled" | "refused";

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

export type CriterionState = "pass" | "fail" | "notApplicable" | "notChecked" | "pending";

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

export interface RunView {
  runId: string;
  uri: string;
  kind: RunKind;
  title: string;
  /** ISO 8601, UTC. */
  began: string;
  /** Name of the document as users know it. */
  file: string;
  /** Where the selection starts now, from 1. */
  line: number;
  state: RunState;
  /** Such as "pass 2 of 3"; "" before the first. */
  stage: string;
  /** Why the result waits; "" where it does not. */
  whyWaiting: string;
  /** Whether it waits because the user's `review` setting is `hold`. */
  held: boolean;
  /** It came back after a restart. */
  restored: boolean;
  instruction: string;
  model: string;
  verdict: Verdict;
  counts: Counts;
  criteria: CriterionView[];
  /** A machine's word, such as "approved"; "" while it runs. `verdict` is for people. */
  stop: string;
  detail: string;
  calls: number;
  tokens: number;
  /** Whether `tokens` is an estimate. */
  estimated: boolean;
  range: Range;
  passes: PassView[];
  changes: ChangeView[];
}

export interface PreviewParams {
  runId: string;
}

export interface Preview {
  /** The document with the changes of the run that wait. */
  after: string;
}

export interface OffersParams {
  uri: string;
  range: Range;
}

export interface OfferView {
  title: string;
  ids: string[];
  /** Whether the files say that they are for this text. */
  applies: boolean;
  shipped: boolean;
  description: string;
  /** Why it is not for this text; "" where it is. */
  whyNot: string;
}

/** What a button asks of the client, and the one thing that helps where something is missing. */
export type Action =
  | "setApiKey"
  | "chooseModel"
  | "showLog"
  | "manageTrust"
  | "openSettings"
  | "newCriteria"
  | "chooseCriteria";

export interface ActParams {
  action: Action;
  /** "" where it is about no document. */
  uri: string;
  runId: string;
}

export type StatusKind =
  "ready" | "untrusted" | "noCriteria" | "noModel" | "brokenCriteria" | "secretFile" | "notOurs";

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

export interface DoctorReport {
  ok: boolean;
  lines: string[];
}

export interface LmModel {
  name: string;
}

/** Stands for the id of a run where the user tests the connection. */
export const DOCTORS_RUN = "doctor";

export interface LmMessage {
  role: "user" | "assistant";
  content: string;
}

export interface LmParams {
  runId: string;
  messages: LmMessage[];
  schema: object | null;
  maxOutputTokens: number;
  /** Of the `$/progress` notifications that carry the chunks. */
  token: string;
}

export interface LmChunk {
  /** From 0. */
  number: number;
  text: string;
}

export type LmDenial =
  "NoPermissions" | "Blocked" | "NotFound" | "NoSchema" | "Cancelled" | "Failed";

export interface LmResult {
  finish: "stop" | "length" | "filtered" | "refused" | "denied";
  model: string;
  /** Filled where `finish` is `denied`. */
  code: LmDenial | null;
  message: string;
}

/** What the client puts into `initializationOptions` beside the settings. */
export interface ClientOptions {
  /** The messages of this file are understood. */
  extensions: true;
  /** The client lends its own model. */
  lmBridge: boolean;
  /** Whether the user trusts the workspace. */
  trusted: boolean;
}

/** Takes the place of `initializationOptions`: the user has set something else, or trusts. */
export const optionsChanged = new NotificationType<ClientOptions & Record<string, unknown>>(
  "selfRefine/optionsChanged",
);
export const runChanged = new NotificationType<RunView>("selfRefine/run");
export const preview = new RequestType<PreviewParams, Preview | null, void>("selfRefine/preview");
export const offers = new RequestType<OffersParams, OfferView[], void>("selfRefine/offers");
export const status = new RequestType<{ uri: string }, StatusView, void>("selfRefine/status");
export const statusChanged = new NotificationType<null>("selfRefine/statusChanged");
export const unit = new RequestType<UnitParams, UnitView | null, void>("selfRefine/unit");
export const act = new NotificationType<ActParams>("selfRefine/act");
export const doctor = new RequestType<null, DoctorReport, void>("selfRefine/doctor");
export const lmModel = new RequestType<null, LmModel | null, void>("selfRefine/lmModel");
export const lm = new RequestType<LmParams, LmResult, void>("selfRefine/lm");
export const lmChunk = new ProgressType<LmChunk>();
