import { expect, test } from "vitest";

import { MOST, announced, drawn, ghostOf, leftOver } from "../../src/review/inlineDiff";
import type { Part, Pending } from "../../src/review/pending";

function change(number: number, parts: Part[]): Pending {
  return { runId: "a", number, start: 0, end: 9, title: `title ${number}`, before: "", parts };
}

test("new words are tinted with the old ones in front; what was only taken out is ghost text alone", () => {
  const changes = [
    change(0, [
      { start: 3, end: 6, before: "utilise" },
      { start: 9, end: 9, before: " very" },
      { start: 12, end: 15, before: "" },
      { start: 20, end: 20, before: "" },
    ]),
  ];
  expect(drawn(changes)).toEqual([
    { start: 3, end: 6, ghost: "utilise", isNew: true },
    { start: 9, end: 9, ghost: "\u00a0very", isNew: false },
    { start: 12, end: 15, ghost: "", isNew: true },
  ]);
  expect(drawn([])).toEqual([]);
});

test("ghost text is one line of bounded length, and never half a character", () => {
  expect(ghostOf("one\r\ntwo\n\tthree")).toBe("one⏎two⏎\u00a0\u00a0three");
  const long = ghostOf("🙂".repeat(500));
  expect(Array.from(long)).toHaveLength(MOST);
  expect(long.endsWith("🙂…")).toBe(true);
});

test("where the user is, and what is left, is said in a sentence", () => {
  const changes = [change(4, []), change(7, [])];
  const [, second] = changes;
  if (second === undefined) throw new Error("there are two");
  expect(announced(changes, second)).toBe("Change 2 of 2: title 7");
  expect(leftOver("Kept", 2)).toBe("Kept. 2 changes are left to review.");
  expect(leftOver("Reverted", 1)).toBe("Reverted. 1 change is left to review.");
  expect(leftOver("Kept", 0)).toBe("Kept. No change is left to review.");
});
