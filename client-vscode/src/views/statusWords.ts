/** The words and the one button of each situation. Pure. */

import type { Action, StatusKind, StatusView } from "../protocol";
import { count } from "../words";

export type ServerStatus =
  | { kind: "starting" }
  | { kind: "installing"; what: string }
  | { kind: "ready"; version: string; trusted: boolean }
  | { kind: "stopped"; why: string; installed: boolean };

/** How things are for the text in front; the server's words where it runs. */
export interface Situation {
  kind: "starting" | "installing" | "stopped" | "notInstalled" | StatusKind;
  text: string;
  detail: string;
  action: Action | "restart" | "";
}

export function situationOf(
  server: ServerStatus,
  document: StatusView | undefined,
  trusted: boolean,
): Situation {
  switch (server.kind) {
    case "starting":
      return { kind: "starting", text: "starting", detail: "", action: "showLog" };
    case "installing":
      return { kind: "installing", text: server.what, detail: "", action: "showLog" };
    case "stopped":
      return server.installed
        ? { kind: "stopped", text: "server stopped", detail: server.why, action: "restart" }
        : {
            kind: "notInstalled",
            text: "server not installed",
            detail: server.why,
            action: "restart",
          };
    case "ready":
      if (!trusted) return UNTRUSTED;
      return document ?? { kind: "ready", text: "ready", detail: "", action: "showLog" };
  }
}

const UNTRUSTED: Situation = {
  kind: "untrusted",
  text: "workspace not trusted",
  detail: "Its criteria are not read, nothing is checked, and no model is asked.",
  action: "manageTrust",
};

export interface LanguageWords {
  busy: boolean;
  severity: "Information" | "Warning" | "Error";
  text: string;
  detail: string;
  action: Action | "restart" | undefined;
}

const WARNED: readonly Situation["kind"][] = [
  "untrusted",
  "noCriteria",
  "noModel",
  "brokenCriteria",
];

export function languageOf({ kind, text, detail, action }: Situation): LanguageWords {
  const isError = kind === "stopped" || kind === "notInstalled";
  return {
    busy: kind === "starting" || kind === "installing",
    severity: isError ? "Error" : WARNED.includes(kind) ? "Warning" : "Information",
    text: `Self-Refine: ${text}`,
    detail,
    action: action || undefined,
  };
}

/** What else the status bar looks at. */
export interface Around {
  /** What the newest run does; undefined where none is at work. */
  stage: string | undefined;
  pending: number;
  waiting: boolean;
  selected: boolean;
  textIsOurs: boolean;
}

export interface Bar {
  text: string;
  tooltip: string;
  spoken: string;
  command: string;
  isError: boolean;
}

/** What the status bar shows; undefined where it shows nothing. */
export function barOf(situation: Situation, around: Around): Bar | undefined {
  const { stage, pending, waiting } = around;
  if (stage !== undefined) {
    return bar("loading~spin", stage, "Cancel this run.", "selfRefine.ui.cancel");
  }
  if (waiting) {
    return bar("bell-dot", "result to review", "Show the difference.", "selfRefine.ui.difference");
  }
  if (pending > 0) {
    const words = `${count(pending, "change")} to review`;
    return bar("diff", words, "Go to the next change.", "selfRefine.ui.nextChange");
  }
  return around.textIsOurs ? barOfSituation(situation, around.selected) : undefined;
}

function barOfSituation({ kind, text, detail }: Situation, selected: boolean): Bar | undefined {
  switch (kind) {
    case "stopped":
    case "notInstalled":
      return {
        ...bar("error", text, `${detail} Start it again.`, "selfRefine.ui.restart"),
        isError: true,
      };
    case "untrusted":
      return bar("shield", text, `${detail} Manage trust.`, "workbench.trust.manage");
    case "noCriteria":
      return selected ? bar("sparkle", text, detail, "selfRefine.ui.refine") : undefined;
    case "noModel":
      return selected
        ? bar("sparkle", text, `${detail} Refine with checks.`, "selfRefine.ui.refine")
        : undefined;
    case "ready":
    case "brokenCriteria":
      return selected ? refineBar : undefined;
    case "starting":
    case "installing":
    case "secretFile":
    case "notOurs":
      return undefined;
  }
}

function bar(icon: string, words: string, tooltip: string, command: string): Bar {
  return {
    text: `$(${icon}) Self-Refine: ${words}`,
    tooltip,
    spoken: `${words}. ${tooltip}`,
    command,
    isError: false,
  };
}

const refineBar: Bar = {
  text: "$(sparkle) Self-Refine",
  tooltip: "Self-refine the selection.",
  spoken: "Self-refine the selection.",
  command: "selfRefine.ui.refine",
  isError: false,
};
