import { beforeEach, expect, test, vi } from "vitest";
import type { LogOutputChannel, Memento } from "vscode";

interface Chat {
  vendor: string;
  id: string;
  name: string;
}

const chat = (id: string): Chat => ({ vendor: "maker", id, name: id.toUpperCase() });
const list = vi.fn<() => Promise<Chat[]>>();
const pick = vi.fn<(items: { model: Chat; description: string }[]) => Promise<unknown>>();
const told = vi.fn();
const warn = vi.fn();

vi.mock("vscode", () => ({
  lm: { selectChatModels: () => list() },
  window: {
    showQuickPick: (items: never): unknown => pick(items),
    showInformationMessage: (...args: unknown[]): unknown => told(...args),
  },
}));

const { Models } = await import("../../src/models/editorModels");

let kept: Map<string, unknown>;
const models = (): InstanceType<typeof Models> =>
  new Models(
    {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(kept.set(key, value)),
    } as unknown as Memento,
    { warn } as unknown as LogOutputChannel,
  );

/** Pick the one of this id. */
function picks(id: string): void {
  pick.mockImplementation((items) => Promise.resolve(items.find(({ model }) => model.id === id)));
}

beforeEach(() => {
  for (const each of [list, pick, told, warn]) each.mockReset();
  kept = new Map();
  list.mockResolvedValue([chat("a"), chat("b"), chat("c")]);
});

test("of several models the user picks one; it is lent from then on, in other windows as well", async () => {
  picks("b");
  expect((await models().lent(true))?.id).toBe("b");
  expect((await models().lent(true))?.id).toBe("b");
  expect(pick).toHaveBeenCalledTimes(1);
});

test("the only model is lent unasked; so is the first one to what nobody has started", async () => {
  const one = models();
  expect((await one.lent(false))?.id).toBe("a");
  expect(pick).not.toHaveBeenCalled();
  picks("b");
  expect((await one.lent(true))?.id).toBe("b");
  list.mockResolvedValue([chat("c")]);
  expect((await models().lent(true))?.id).toBe("c");
  expect(pick).toHaveBeenCalledTimes(1);
});

test("a choice that the editor no longer has is asked for again", async () => {
  picks("b");
  await models().lent(true);
  list.mockResolvedValue([chat("a"), chat("c")]);
  picks("c");
  expect((await models().lent(true))?.id).toBe("c");
});

test("a list that is closed lends nothing, and is shown again the next time", async () => {
  pick.mockResolvedValue(undefined);
  const one = models();
  expect(await one.lent(true)).toBeUndefined();
  picks("a");
  expect((await one.lent(true))?.id).toBe("a");
});

test("a run keeps its model when another one appears", async () => {
  list.mockResolvedValue([chat("b")]);
  const one = models();
  await one.lent(true);
  list.mockResolvedValue([chat("a"), chat("b")]);
  expect((await one.lent(true))?.id).toBe("b");
  expect(pick).not.toHaveBeenCalled();
});

test("two runs wait for the same answer", async () => {
  picks("c");
  const one = models();
  const both = await Promise.all([one.lent(true), one.lent(true)]);
  expect(both.map((each) => each?.id)).toEqual(["c", "c"]);
  expect(pick).toHaveBeenCalledTimes(1);
});

test("the command changes the choice, and marks what it was; without any model it says so", async () => {
  picks("b");
  await models().lent(true);
  picks("c");
  const one = models();
  await one.choose();
  expect(pick.mock.lastCall?.[0].map(({ description }) => description)).toEqual([
    "maker",
    "maker · chosen",
    "maker",
  ]);
  expect((await one.lent(true))?.id).toBe("c");
  list.mockRejectedValue(new Error("not signed in"));
  await one.choose();
  expect(told).toHaveBeenLastCalledWith(expect.stringContaining("no model to lend"));
  expect(warn).toHaveBeenCalled();
});
