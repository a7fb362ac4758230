import { expect, test } from "vitest";

import type { OfferView } from "../../src/protocol";
import { choices, taken, whyOpened } from "../../src/runs/picking";

function offer(title: string, applies: boolean, shipped: boolean, whyNot = ""): OfferView {
  return { title, ids: [title], applies, shipped, description: "About it.", whyNot };
}

const OFFERS = [
  offer("pack", false, true),
  offer("team", false, false, "It is for paths docs/**."),
  offer("fitting pack", true, true),
  offer("fitting team", true, false),
];

test("what fits comes first and the team's before the packs; the team's that fit are ticked", () => {
  expect(choices(OFFERS).map(({ label, picked }) => [label, picked])).toEqual([
    ["fitting team", true],
    ["fitting pack", false],
    ["team", false],
    ["pack", false],
  ]);
});

test("a file that is not for this text says why", () => {
  const details = choices(OFFERS).map(({ detail }) => detail);
  expect(details[2]).toBe("About it. It is for paths docs/**.");
  expect(details[0]).toBe("About it.");
});

test("one line says why the list opened, and what was left out", () => {
  expect(whyOpened(OFFERS, true)).toBe(
    "What is for this text is ticked; 1 other of this workspace is not.",
  );
  const others = [offer("a", false, false), offer("b", false, false), offer("pack", true, true)];
  expect(whyOpened(others, true)).toBe(
    "No criteria file of this workspace is for this text, so nothing is ticked.",
  );
  expect(whyOpened(others, false)).toBe(
    "None of the 2 criteria files of this workspace is for this text, so choose.",
  );
  expect(whyOpened([offer("pack", true, true)], false)).toBe(
    "This workspace has no criteria files, so choose from those that come with Self-Refine.",
  );
});

test("Enter takes the row in focus, with what was ticked from the start", () => {
  expect(taken([], "pack", [])).toEqual(["pack"]);
  expect(taken(["team"], "pack", ["team"])).toEqual(["team", "pack"]);
  expect(taken(["team"], "team", ["team"])).toEqual(["team"]);
  expect(taken([], undefined, [])).toEqual([]);
});

test("what the user has ticked by hand is taken as it is", () => {
  expect(taken(["pack"], "team", ["team"])).toEqual(["pack"]);
  expect(taken(["team", "pack"], "other", ["team"])).toEqual(["team", "pack"]);
  expect(taken([], "team", ["team"])).toEqual(["team"]);
});
