import { beforeEach, expect, test, vi } from "vitest";
import type { LanguageClient } from "vscode-languageclient/node";
import type { CodeAction, Selection, TextDocument } from "vscode";

import type { Hooks } from "../../src/server/middleware";

const asked = vi.fn();
const document = {} as TextDocument;
const at = (line: number): Selection =>
  ({ line, isEqual: (other: { line: number }) => other.line === line }) as unknown as Selection;

vi.mock("vscode", () => ({
  Uri: { parse: (text: string) => ({ path: new URL(text).pathname }) },
  window: {
    activeTextEditor: { document, selection: at(2) },
    showWarningMessage: (...args: unknown[]): unknown => asked(...args),
  },
}));

const { middleware } = await import("../../src/server/middleware");
const { markOf } = await import("../../src/runs/starts");

const CLIENT = {} as LanguageClient;
const REFINE = "selfRefine.refine";
const ARGUMENT = { uri: "file:///notes/memo.md", textHash: "0a" };

const began = vi.fn();
const sent = vi.fn();
const HOOKS = { began } as unknown as Hooks;
const between = middleware(() => CLIENT, HOOKS);

beforeEach(() => {
  for (const each of [asked, began, sent]) each.mockReset();
  sent.mockResolvedValue({ runId: "a" });
});

function call(...args: unknown[]): unknown {
  return between.executeCommand?.(REFINE, args, sent);
}

/** What is offered for a stretch, as VS Code gets it. */
async function offered(range: Selection): Promise<CodeAction[]> {
  const command = { title: "Self-refine selection", command: REFINE, arguments: [ARGUMENT] };
  const next = (): CodeAction[] => [
    { title: command.title, command },
    { title: "Keep", command: { title: "Keep", command: "selfRefine.accept", arguments: [{}] } },
  ];
  const given = between.provideCodeActions?.(document, range, {} as never, {} as never, next);
  return ((await given) ?? []) as CodeAction[];
}

test("settings that change reach a server that stays, and not one that another replaces", async () => {
  const told = vi.fn(() => Promise.resolve());
  for (const client of [CLIENT, undefined]) {
    const { workspace } = middleware(() => client, HOOKS);
    await workspace?.didChangeConfiguration?.(undefined, told);
  }
  expect(told).toHaveBeenCalledTimes(1);
});

test("an action that was offered for the selection is the user's: nothing is asked", async () => {
  const [refine, keep] = await offered(at(2));
  expect(keep?.command?.arguments).toEqual([{}]);
  await call(...((refine?.command?.arguments ?? []) as unknown[]));
  expect(asked).not.toHaveBeenCalled();
  expect(sent).toHaveBeenCalledWith(REFINE, [ARGUMENT]);
  expect(began).toHaveBeenCalledWith("a");
});

test("an action for what is not selected carries no mark: another extension asked for it", async () => {
  const [refine] = await offered(at(7));
  expect(refine?.command?.arguments).toEqual([ARGUMENT]);
});

test("a call without a mark, or with that of another call, begins only what the user allows", async () => {
  const forged = [undefined, "00", markOf("selfRefine.critique", ARGUMENT), markOf(REFINE, {})];
  for (const mark of forged) expect(await call(ARGUMENT, mark)).toBeUndefined();
  expect(asked).toHaveBeenCalledTimes(forged.length);
  expect(sent).not.toHaveBeenCalled();
  expect(began).not.toHaveBeenCalled();

  const [message, { modal }, start] = asked.mock.calls[0] as [string, { modal: boolean }, string];
  expect(message).toBe("Another extension wants Self-Refine to refine text of memo.md.");
  expect(modal).toBe(true);
  asked.mockResolvedValue(start);
  expect(await call(ARGUMENT)).toEqual({ runId: "a" });
  expect(began).toHaveBeenCalledWith("a");
});

test("a question that cannot be shown allows nothing", async () => {
  asked.mockRejectedValue(new Error("no dialogs here"));
  expect(await call(null)).toBeUndefined();
  expect(sent).not.toHaveBeenCalled();
});
