import { beforeEach, expect, test, vi } from "vitest";

import type { ExtensionContext } from "vscode";

import type { Server } from "../../src/server/server";

interface Document {
  content: string;
  isClosed: boolean;
  isUntitled: boolean;
}

const started = vi.fn();
const editor = vi.hoisted(() => ({ now: undefined as { document: Document } | undefined }));

vi.mock("../../src/runs/startRun", () => ({
  start: (...args: unknown[]): unknown => started(...args),
}));
vi.mock("vscode", () => ({
  Range: vi.fn(),
  Selection: vi.fn(),
  SnippetString: vi.fn(),
  window: {
    get activeTextEditor(): unknown {
      return editor.now;
    },
    showTextDocument: (document: Document): Promise<void> => {
      editor.now = { document };
      return Promise.resolve();
    },
  },
  workspace: {
    fs: { readFile: () => Promise.resolve(new TextEncoder().encode("Dear Marta")) },
    openTextDocument: ({ content }: { content: string }) => Promise.resolve(textOf(content)),
  },
}));

const { openExample, refineExample } = await import("../../src/runs/example");

const context = { extensionUri: { path: "", with: () => "" } } as unknown as ExtensionContext;
const server = {} as Server;

function textOf(content: string): Document & Record<string, unknown> {
  const end = { line: 0, character: content.length };
  const lineAt = () => ({ range: { end } });
  return {
    content,
    isClosed: false,
    isUntitled: true,
    lineCount: 1,
    lineAt,
    positionAt: () => end,
  };
}

beforeEach(() => {
  started.mockReset();
});

test("the example alone is refined, whatever untitled text is in front", async () => {
  editor.now = { document: textOf("my own note") };
  await refineExample(context, server);
  expect(editor.now.document.content).toBe("Dear Marta");
  expect(started).toHaveBeenCalledWith(server, "refine", { criteria: ["email"] });
});

test("the one that is open is shown again; closed, it is opened anew", async () => {
  await openExample(context);
  const first = editor.now?.document;
  editor.now = { document: textOf("my own note") };
  await refineExample(context, server);
  expect(editor.now.document).toBe(first);
  if (first) first.isClosed = true;
  await refineExample(context, server);
  expect(editor.now.document).not.toBe(first);
  expect(editor.now.document.content).toBe("Dear Marta");
});
