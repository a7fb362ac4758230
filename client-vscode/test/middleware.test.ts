import { expect, test, vi } from "vitest";
import type { LanguageClient } from "vscode-languageclient/node";

import type { Hooks } from "../src/middleware";

vi.mock("vscode", () => ({}));

const { middleware } = await import("../src/middleware");

const CLIENT = {} as LanguageClient;
const HOOKS = {} as Hooks;

test("settings that change reach a server that stays, and not one that another replaces", async () => {
  const sent = vi.fn(() => Promise.resolve());
  for (const client of [CLIENT, undefined]) {
    const { workspace } = middleware(() => client, HOOKS);
    await workspace?.didChangeConfiguration?.(undefined, sent);
  }
  expect(sent).toHaveBeenCalledTimes(1);
});
