import { beforeEach, expect, test, vi } from "vitest";
import type { LanguageClient } from "vscode-languageclient/node";

import type { Hooks } from "../../src/server/middleware";

vi.mock("vscode", () => ({ Uri: { parse: (text: string) => ({ path: new URL(text).pathname }) } }));

const { middleware } = await import("../../src/server/middleware");

const CLIENT = {} as LanguageClient;
const began = vi.fn();
const page = vi.fn();
const explained = vi.fn();
const reviewed = vi.fn();
const sent = vi.fn();
const HOOKS = { began, page, explained, reviewed } as unknown as Hooks;
const between = middleware(() => CLIENT, HOOKS);

beforeEach(() => {
  for (const each of [began, page, explained, reviewed, sent]) each.mockReset();
});

function call(command: string, ...args: unknown[]): unknown {
  return between.executeCommand?.(`selfRefine.${command}`, args, sent);
}

test("settings that change reach a server that stays, and not one that another replaces", async () => {
  const told = vi.fn(() => Promise.resolve());
  for (const client of [CLIENT, undefined]) {
    const { workspace } = middleware(() => client, HOOKS);
    await workspace?.didChangeConfiguration?.(undefined, told);
  }
  expect(told).toHaveBeenCalledTimes(1);
});

test("a command that begins a run is passed on as it is, and its run is one of this window", async () => {
  sent.mockResolvedValue({ runId: "a" });
  for (const command of ["refine", "critique", "generate", "retry"])
    await call(command, { uri: "u" });
  expect(sent).toHaveBeenLastCalledWith("selfRefine.retry", [{ uri: "u" }]);
  expect(began).toHaveBeenCalledTimes(4);
  sent.mockResolvedValue(null);
  await call("refine", { uri: "u" });
  await call("accept", { runId: "b" });
  expect(began).toHaveBeenCalledTimes(4);
});

test("what the extension shows itself does not reach the server", async () => {
  explained.mockReturnValue(true);
  reviewed.mockReturnValue(true);
  await call("explain", { runId: "a" });
  await call("review", { runId: "a", hunks: [0, 1] });
  expect(reviewed).toHaveBeenCalledWith({ runId: "a", hunks: [0, 1] });
  expect(sent).not.toHaveBeenCalled();
});

test("where the extension has nothing to show, the server's page is shown", async () => {
  sent.mockResolvedValue("# Why");
  await call("explain", { runId: "a", hunk: 0 });
  expect(page).toHaveBeenCalledWith("selfRefine.explain", "# Why");
  await call("review", { runId: "gone", hunks: [] });
  expect(sent).toHaveBeenCalledTimes(2);
});
