import { expect, test } from "vitest";

import { Runs } from "../../src/runs/runs";
import { runView } from "../runViews";

test("the newest in a state is one of the text in front, where it has any", () => {
  const runs = new Runs();
  runs.put(runView({ runId: "here", uri: "file:///a.md", state: "waiting" }));
  runs.put(runView({ runId: "elsewhere", uri: "file:///b.md", state: "waiting" }));
  expect(runs.newest("waiting", "file:///a.md")?.runId).toBe("here");
  expect(runs.newest("waiting", "file:///c.md")?.runId).toBe("elsewhere");
  expect(runs.newest("running")).toBeUndefined();
});

test("runs stand newest first, and one that changes stays where it is", () => {
  const runs = new Runs();
  for (const id of ["a", "b", "c"]) runs.put(runView({ runId: id }));
  runs.put(runView({ runId: "a", state: "ended" }));
  expect(runs.all().map((each) => each.runId)).toEqual(["c", "b", "a"]);
});

test("fifty runs are kept", () => {
  const runs = new Runs();
  for (let at = 0; at < 60; at++) runs.put(runView({ runId: `${at}` }));
  expect(runs.all()).toHaveLength(50);
  expect(runs.get("9")).toBeUndefined();
  expect(runs.get("10")).toBeDefined();
});

test("the oldest that nobody waits for goes first, and who keeps something of it hears so", () => {
  const runs = new Runs();
  const gone: string[] = [];
  runs.onForgotten((runId) => gone.push(runId));
  runs.put(runView({ runId: "held", state: "waiting" }));
  for (let at = 0; at < 51; at++) runs.put(runView({ runId: `${at}` }));
  expect(gone).toEqual(["0", "1"]);
  expect(runs.get("held")).toBeDefined();
  runs.clear();
  expect(gone).toHaveLength(52);
});

test("a run that has ended keeps no stage, and gets no model any more", () => {
  const runs = new Runs();
  runs.put(runView({ runId: "a", state: "running" }));
  runs.began("a");
  runs.stage("a", "pass 1 of 3");
  runs.put(runView({ runId: "a", state: "landed" }));
  runs.stage("a", "pass 2 of 3");
  runs.began("a");
  expect(runs.startedHere("a")).toBe(false);
  expect(runs.stageOf(runView({ runId: "a", stage: "" }))).toBe("");
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
  expect(runs.stageOf(runView({ runId: "9" }))).toBe("");
});

test("a run is of this window only once the user has started it here", () => {
  const runs = new Runs();
  runs.put(runView({ runId: "a", state: "running" }));
  expect(runs.startedHere("a")).toBe(false);
  runs.began("a");
  expect(runs.startedHere("a")).toBe(true);
  runs.clear();
  expect(runs.startedHere("a")).toBe(false);
});
