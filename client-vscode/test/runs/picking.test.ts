import { expect, test } from "vitest";

import { choices } from "../../src/runs/picking";
import type { OfferView } from "../../src/protocol";

function offer(title: string, applies: boolean, shipped: boolean): OfferView {
  return { title, ids: [title], applies, shipped, description: "" };
}

test("what applies comes first and the team's before the packs; the team's that apply are picked", () => {
  const found = choices([
    offer("pack", false, true),
    offer("team", false, false),
    offer("fitting pack", true, true),
    offer("fitting team", true, false),
  ]);
  expect(found.map(({ label, picked }) => [label, picked])).toEqual([
    ["fitting team", true],
    ["fitting pack", false],
    ["team", false],
    ["pack", false],
  ]);
});
