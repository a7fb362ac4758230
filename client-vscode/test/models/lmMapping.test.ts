import { describe, expect, test } from "vitest";

import { Turns, denialOf, type Thrown } from "../../src/models/lmMapping";

describe("what an error of the editor's model means", () => {
  const cases: [string, Thrown, boolean, boolean, string][] = [
    ["consent refused", { code: "NoPermissions" }, false, false, "NoPermissions"],
    ["blocked", { code: "Blocked" }, false, false, "Blocked"],
    ["model gone", { code: "NotFound" }, false, false, "NotFound"],
    [
      "quota",
      { code: "Unknown", message: "You have exceeded your quota" },
      false,
      false,
      "Blocked",
    ],
    [
      "quota in the cause",
      { message: "x", cause: new Error("rate limit reached") },
      false,
      false,
      "Blocked",
    ],
    ["no tools", { message: "This model does not support tools" }, true, false, "NoSchema"],
    ["no tools, none asked for", { message: "tools" }, false, false, "Failed"],
    ["cancelled by the run", { message: "x" }, false, true, "Cancelled"],
    ["cancelled by VS Code", { name: "Canceled" }, false, false, "Cancelled"],
    ["anything else", { message: "boom" }, true, false, "Failed"],
  ];
  for (const [name, thrown, hadSchema, cancelled, code] of cases) {
    test(name, () => {
      expect(denialOf(thrown, hadSchema, cancelled)).toMatchObject({ finish: "denied", code });
    });
  }

  test("a content filter is no denial", () => {
    expect(
      denialOf({ message: "Response was filtered by content filter" }, false, false).finish,
    ).toBe("filtered");
  });
});

test("turns are taken one at a time, in order, also after one has failed", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = turns.take(async () => {
    seen.push("first begins");
    await gate;
    seen.push("first ends");
    throw new Error("no");
  });
  const second = turns.take(() => {
    seen.push("second");
    return Promise.resolve(2);
  });
  await Promise.resolve();
  open?.();
  await expect(first).rejects.toThrow("no");
  await expect(second).resolves.toBe(2);
  expect(seen).toEqual(["first begins", "first ends", "second"]);
});
