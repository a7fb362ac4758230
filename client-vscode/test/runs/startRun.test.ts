import { beforeEach, expect, test, vi } from "vitest";

import type { OfferView } from "../../src/protocol";
import type { Server } from "../../src/server/server";

const shown = { info: vi.fn(), pick: vi.fn(), run: vi.fn() };
const text = "We utilise it.";

// The language client cannot be loaded outside VS Code.
vi.mock("../../src/protocol", () => ({ offers: {} }));
vi.mock("vscode", () => ({
  commands: { executeCommand: (...args: unknown[]): unknown => shown.run(...args) },
  window: {
    activeTextEditor: {
      selection: { isEmpty: false },
      document: { uri: "file:///memo.md", getText: () => text },
    },
    showInformationMessage: (...args: unknown[]): unknown => shown.info(...args),
    showQuickPick: (...args: unknown[]): unknown => shown.pick(...args),
  },
}));

const { start } = await import("../../src/runs/startRun");

const pack: OfferView = {
  title: "Clear prose",
  ids: ["prose"],
  applies: true,
  shipped: true,
  description: "",
};
const client = {
  code2ProtocolConverter: { asUri: String, asRange: () => ({}) },
  sendRequest: () => Promise.resolve([pack]),
};
const server = { client: () => client, tellStopped: vi.fn() } as unknown as Server;

beforeEach(() => {
  for (const each of Object.values(shown)) each.mockReset();
});

test("where no file of the team is for a text, the user ticks what judges it", async () => {
  shown.pick.mockImplementation((items: unknown) => Promise.resolve(items));
  await start(server, "critique");
  const [, options] = shown.pick.mock.calls[0] as [unknown, { title: string }];
  expect(options.title).toBe("Critique selection");
  expect(shown.run).toHaveBeenCalledWith(
    "selfRefine.critique",
    expect.objectContaining({ uri: "file:///memo.md", criteria: ["prose"] }),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  );
});

test("nothing ticked: nothing is started, and that is said; closing the list is silent", async () => {
  shown.pick.mockResolvedValue([]);
  await start(server, "refine");
  expect(shown.info).toHaveBeenCalledWith(expect.stringContaining("nothing was started"));
  shown.info.mockReset();
  shown.pick.mockResolvedValue(undefined);
  await start(server, "refine");
  expect(shown.info).not.toHaveBeenCalled();
  expect(shown.run).not.toHaveBeenCalled();
});
