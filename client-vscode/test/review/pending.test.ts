import { describe, expect, test } from "vitest";

import {
  changeAt,
  inOrder,
  meant,
  moved,
  movedChange,
  neighbour,
  type Edit,
  type Pending,
} from "../../src/review/pending";

function pending(number: number, start: number, end: number): Pending {
  return { runId: "a", number, start, end, title: "", before: "", parts: [] };
}

const CHANGES = [pending(1, 40, 45), pending(0, 10, 20), pending(2, 45, 45)];

test("next and previous go through the text and wrap around", () => {
  const numbers = (direction: "next" | "previous", from: number): (number | undefined)[] =>
    [from].map((offset) => neighbour(CHANGES, offset, direction)?.number);
  expect(numbers("next", 0)).toEqual([0]);
  expect(numbers("next", 10)).toEqual([1]);
  expect(numbers("next", 45)).toEqual([0]);
  expect(numbers("previous", 45)).toEqual([1]);
  expect(numbers("previous", 5)).toEqual([2]);
  expect(neighbour([], 0, "next")).toBeUndefined();
});

test("a command means the change at the cursor, else the first of the line, else none", () => {
  expect(changeAt(CHANGES, 45)?.number).toBe(2);
  expect(changeAt(CHANGES, 44)?.number).toBe(1);
  expect(changeAt(CHANGES, 20)?.number).toBe(0);
  const line = { start: 38, end: 60 };
  expect(meant(CHANGES, 60, line)?.number).toBe(1);
  expect(meant(CHANGES, 30, { start: 25, end: 35 })).toBeUndefined();
});

describe("places follow the user's edits", () => {
  const text = "We use the new cache to answer faster.";
  const stretch = { start: 3, end: 6 };

  /** The text after an edit, and the words that the stretch then covers. */
  function covered(edit: Edit, typed: string): string {
    const after = text.slice(0, edit.offset) + typed + text.slice(edit.offset + edit.length);
    const { start, end } = moved(stretch, edit);
    return after.slice(start, end);
  }

  test.each([
    ["typed before", 0, 0, "Now ", "use"],
    ["typed at its start", 3, 0, "can ", "use"],
    ["typed at its end", 6, 0, "d", "use"],
    ["typed behind", 20, 0, "!", "use"],
    ["typed inside", 4, 0, "-", "u-se"],
    ["taken out before", 0, 3, "", "use"],
    ["its end replaced", 5, 5, "ing", "using"],
    ["taken out whole", 3, 3, "", ""],
  ])("%s", (_, offset, length, typed, words) => {
    expect(covered({ offset, length, added: typed.length }, typed)).toBe(words);
  });

  test("any edit outside leaves the words, wherever it is", () => {
    for (let offset = 0; offset <= text.length; offset++) {
      for (const length of [0, 1, 2, 5]) {
        const isOutside = offset + length <= 3 || offset >= 6;
        if (!isOutside || offset + length > text.length) continue;
        for (const typed of ["", "x", "longer"]) {
          expect(covered({ offset, length, added: typed.length }, typed)).toBe("use");
        }
      }
    }
  });

  test("a place where words were only taken out stays empty", () => {
    const empty = { start: 5, end: 5 };
    for (const offset of [0, 5, 9]) {
      const now = moved(empty, { offset, length: 0, added: 4 });
      expect(now.end).toBe(now.start);
    }
  });

  test("the parts of a change move with it", () => {
    const change = { ...pending(0, 10, 20), parts: [{ start: 12, end: 14, before: "old" }] };
    const { start, parts } = movedChange(change, { offset: 0, length: 2, added: 5 });
    expect([start, parts[0]?.start, parts[0]?.before]).toEqual([13, 15, "old"]);
  });
});

test("changes stand in the order of the text", () => {
  expect(inOrder(CHANGES).map(({ number }) => number)).toEqual([0, 1, 2]);
});
