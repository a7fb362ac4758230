import { expect, test } from "vitest";

import type { StatusView } from "../../src/protocol";
import { barOf, languageOf, situationOf, type Around } from "../../src/views/statusWords";

const READY = { kind: "ready", version: "0.1.0", trusted: true } as const;
const QUIET: Around = {
  stage: undefined,
  pending: 0,
  waiting: false,
  selected: false,
  textIsOurs: true,
};

function said(kind: StatusView["kind"], action: StatusView["action"]): StatusView {
  return { kind, text: `words of ${kind}`, detail: "A sentence.", action };
}

test("each situation has words of its own, and one button that helps", () => {
  const why = "Python was not found.";
  const situations = [
    situationOf({ kind: "stopped", why, installed: false }, undefined, true),
    situationOf({ kind: "stopped", why, installed: true }, undefined, true),
    situationOf(READY, said("noModel", "chooseModel"), false),
    situationOf(READY, said("noCriteria", "newCriteria"), true),
    situationOf(READY, said("noModel", "chooseModel"), true),
  ];
  expect(situations.map(({ kind, action }) => [kind, action])).toEqual([
    ["notInstalled", "restart"],
    ["stopped", "restart"],
    ["untrusted", "manageTrust"],
    ["noCriteria", "newCriteria"],
    ["noModel", "chooseModel"],
  ]);
  const texts = situations.map((each) => languageOf(each).text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(situations.map((each) => languageOf(each).severity)).toEqual([
    "Error",
    "Error",
    "Warning",
    "Warning",
    "Warning",
  ]);
});

test("a run at work can be cancelled from the status bar, whatever else is to say", () => {
  const situation = situationOf(READY, undefined, true);
  const busy = barOf(situation, { ...QUIET, stage: "pass 1 of 3", pending: 2, waiting: true });
  expect(busy?.command).toBe("selfRefine.ui.cancel");
  expect(busy?.text).toContain("pass 1 of 3");
});

test("what waits for the user stands in the status bar, and its click leads there", () => {
  const situation = situationOf(READY, undefined, true);
  expect(barOf(situation, { ...QUIET, waiting: true })?.command).toBe("selfRefine.ui.difference");
  const pending = barOf(situation, { ...QUIET, pending: 1 });
  expect([pending?.text, pending?.command]).toEqual([
    "$(diff) Self-Refine: 1 change to review",
    "selfRefine.ui.nextChange",
  ]);
  expect(barOf(situation, QUIET)).toBeUndefined();
  expect(barOf(situation, { ...QUIET, selected: true })?.command).toBe("selfRefine.ui.refine");
});

test("what keeps a run from starting is seen without a selection", () => {
  const stopped = situationOf(
    { kind: "stopped", why: "It ended.", installed: true },
    undefined,
    true,
  );
  expect(barOf(stopped, QUIET)).toMatchObject({ command: "selfRefine.ui.restart", isError: true });
  expect(barOf(situationOf(READY, undefined, false), QUIET)?.command).toBe(
    "workbench.trust.manage",
  );
  expect(barOf(stopped, { ...QUIET, textIsOurs: false })).toBeUndefined();
});
