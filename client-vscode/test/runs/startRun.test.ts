import { beforeEach, expect, test, vi } from "vitest";

import type { OfferView } from "../../src/protocol";
import type { Server } from "../../src/server/server";

const shown = { info: vi.fn(), run: vi.fn(), pick: vi.fn(), ask: vi.fn() };
const text = "We utilise it.";

interface Stretch {
  isEmpty: boolean;
  start?: string;
}
interface State {
  selection: Stretch;
  isTrusted: boolean;
  hasEditor: boolean;
}
const vscode = vi.hoisted((): State => ({
  selection: { isEmpty: false },
  isTrusted: true,
  hasEditor: true,
}));

vi.mock("../../src/runs/criteriaPicker", () => ({
  pickCriteria: (...args: unknown[]): unknown => shown.pick(...args),
}));
// The language client cannot be loaded outside VS Code.
vi.mock("../../src/protocol", () => ({ offers: "offers", unit: "unit" }));
vi.mock("vscode", () => ({
  Selection: class {
    isEmpty = false;
    constructor(readonly start: string) {}
  },
  commands: { executeCommand: (...args: unknown[]): unknown => shown.run(...args) },
  workspace: {
    get isTrusted(): boolean {
      return vscode.isTrusted;
    },
    getConfiguration: () => ({ get: () => undefined }),
  },
  window: {
    get activeTextEditor(): unknown {
      if (!vscode.hasEditor) return undefined;
      return {
        get selection(): Stretch {
          return vscode.selection;
        },
        set selection(now: Stretch) {
          vscode.selection = now;
        },
        document: { uri: "file:///memo.md", getText: () => text },
      };
    },
    showInformationMessage: (...args: unknown[]): unknown => shown.info(...args),
    showInputBox: (...args: unknown[]): unknown => shown.ask(...args),
  },
}));

const { start, startWith } = await import("../../src/runs/startRun");

const pack: OfferView = {
  title: "Clear prose",
  ids: ["prose"],
  applies: true,
  shipped: true,
  description: "",
  whyNot: "",
};
let offers = [pack];
let unit: unknown = null;
const client = {
  code2ProtocolConverter: { asUri: String, asRange: () => ({}) },
  protocol2CodeConverter: { asRange: (range: unknown) => range },
  sendRequest: (request: string) => Promise.resolve(request === "unit" ? unit : offers),
};
const tellStopped = vi.fn();
let running: unknown = client;
const server = { started: () => Promise.resolve(running), tellStopped } as unknown as Server;

beforeEach(() => {
  for (const each of [...Object.values(shown), tellStopped]) each.mockReset();
  offers = [pack];
  unit = null;
  running = client;
  Object.assign(vscode, { selection: { isEmpty: false }, isTrusted: true, hasEditor: true });
});

test("where no file of the team is for a text, the user picks what judges it", async () => {
  shown.pick.mockResolvedValue(["prose"]);
  await start(server, "critique");
  expect(shown.pick).toHaveBeenCalledWith([pack], "Critique selection", false);
  expect(shown.run).toHaveBeenCalledWith("selfRefine.critique", {
    uri: "file:///memo.md",
    range: {},
    textHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    criteria: ["prose"],
  });
});

test("where one is, nothing is asked", async () => {
  offers = [pack, { ...pack, shipped: false }];
  await start(server, "refine");
  expect(shown.pick).not.toHaveBeenCalled();
  expect(shown.run).toHaveBeenCalledWith("selfRefine.refine", expect.anything());
});

test("closing the list starts nothing", async () => {
  shown.pick.mockResolvedValue(undefined);
  await start(server, "refine");
  await startWith(server);
  expect(shown.run).not.toHaveBeenCalled();
});

test("criteria and an instruction are asked for; closing the second starts nothing", async () => {
  shown.pick.mockResolvedValue(["prose"]);
  shown.ask.mockResolvedValueOnce(undefined).mockResolvedValueOnce(" for customers ");
  await startWith(server);
  expect(shown.run).not.toHaveBeenCalled();
  await startWith(server);
  const wanted = expect.objectContaining({
    criteria: ["prose"],
    instruction: "for customers",
  }) as object;
  expect(shown.run).toHaveBeenCalledWith("selfRefine.refine", wanted);
});

test("without a selection the paragraph at the cursor is selected, and refined", async () => {
  offers = [{ ...pack, shipped: false }];
  vscode.selection = { isEmpty: true };
  unit = { range: { start: "start", end: "end" }, name: 'paragraph "We utilise it."' };
  await start(server, "refine");
  expect(vscode.selection.start).toBe("start");
  expect(shown.run).toHaveBeenCalledOnce();
});

test("the key never does nothing silently: each reason is said, with its way out where there is one", async () => {
  vscode.selection = { isEmpty: true };
  await start(server, "refine");
  expect(shown.info).toHaveBeenLastCalledWith(
    expect.stringContaining("no paragraph at the cursor"),
  );
  vscode.hasEditor = false;
  await start(server, "refine");
  expect(shown.info).toHaveBeenLastCalledWith(expect.stringContaining("No text is open"));
  running = undefined;
  await start(server, "refine");
  expect(tellStopped).toHaveBeenCalledOnce();
  vscode.isTrusted = false;
  shown.info.mockResolvedValue("Manage trust");
  await start(server, "refine");
  expect(shown.info).toHaveBeenLastCalledWith(
    expect.stringContaining("not trusted"),
    "Manage trust",
  );
  await vi.waitFor(() => {
    expect(shown.run).toHaveBeenCalledWith("workbench.trust.manage");
  });
});
