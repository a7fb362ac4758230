import { expect, test } from "vitest";

import { MOST, Restarts, WITHIN_MS } from "../../src/server/restarts";

test("a server is started again four times within three minutes, not a fifth time", () => {
  const restarts = new Restarts();
  const again = [0, 1, 2, 3, 4].map((at) => restarts.crashed(at * 1000));
  expect(again).toEqual([true, true, true, true, false]);
});

test("crashes that are three minutes old count no more", () => {
  const restarts = new Restarts();
  for (let at = 0; at < MOST; at++) restarts.crashed(at);
  expect(restarts.crashed(WITHIN_MS + MOST)).toBe(true);
});

test("the user's own restart begins the count anew", () => {
  const restarts = new Restarts();
  for (let at = 0; at < MOST; at++) restarts.crashed(at);
  restarts.forget();
  expect(restarts.crashed(MOST)).toBe(true);
});
