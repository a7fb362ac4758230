import { beforeEach, expect, test, vi } from "vitest";
import type { TextDocumentContentProvider, Uri } from "vscode";

/** A URI of which only scheme, path and query are looked at. */
class PlainUri {
  constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query: string,
  ) {}
  static from(parts: { scheme: string; path: string; query?: string }): PlainUri {
    return new PlainUri(parts.scheme, parts.path, parts.query ?? "");
  }
  static parse(text: string): PlainUri {
    const { protocol, pathname, search } = new URL(text);
    return new PlainUri(protocol.slice(0, -1), pathname, search.slice(1));
  }
  toString(): string {
    return `${this.scheme}:${this.path}${this.query ? `?${this.query}` : ""}`;
  }
}

class CustomInput {
  constructor(readonly uri: PlainUri) {}
}

let groups: unknown[] = [];
const closed = vi.fn<(...args: unknown[]) => unknown>();
const run = vi.fn<(...args: unknown[]) => Promise<void>>();
const opened = vi.fn<(...args: unknown[]) => unknown>();
const hasMarkdown = vi.fn(() => true);
const providers = new Map<string, TextDocumentContentProvider>();
vi.mock("vscode", () => ({
  Uri: PlainUri,
  EventEmitter: class {
    fire(): void {
      // Nobody listens.
    }
  },
  commands: { executeCommand: (...args: unknown[]): unknown => run(...args) },
  extensions: { getExtension: () => (hasMarkdown() ? {} : undefined) },
  languages: { setTextDocumentLanguage: () => Promise.resolve() },
  TabInputCustom: CustomInput,
  TabInputText: vi.fn(),
  window: {
    showTextDocument: (...args: unknown[]): unknown => opened(...args),
    tabGroups: {
      get all(): unknown {
        return groups;
      },
      close: (...args: unknown[]): unknown => closed(...args),
    },
  },
  ViewColumn: { Beside: -2 },
  workspace: {
    openTextDocument: (uri: PlainUri) => Promise.resolve(uri),
    registerTextDocumentContentProvider: (scheme: string, held: TextDocumentContentProvider) =>
      providers.set(scheme, held),
  },
}));

const { PAGE, Pages, RESULT } = await import("../../src/review/pages");

function content(uri: PlainUri): unknown {
  const given = uri as unknown as Uri;
  return providers.get(uri.scheme)?.provideTextDocumentContent(given, undefined as never);
}

beforeEach(() => {
  run.mockReset().mockResolvedValue();
  opened.mockReset();
  closed.mockReset();
  groups = [];
  hasMarkdown.mockReturnValue(true);
});

test("a page is shown as it reads, each at an address of its own; old ones go", async () => {
  const pages = new Pages();
  pages.register();
  for (let page = 1; page <= 30; page++) await pages.read("Trace", `# ${page}`);
  const shown = run.mock.calls as unknown as [string, PlainUri][];
  const commands = new Set(shown.map(([command]) => command));
  expect(commands).toEqual(new Set(["vscode.openWith"]));
  const texts = shown.map(([, uri]) => content(uri));
  expect(texts.slice(10)).toEqual(Array.from({ length: 20 }, (_, at) => `# ${at + 11}`));
  expect(texts[9]).toMatch(/is gone/);
  expect(opened).not.toHaveBeenCalled();
});

test("a page leaves the focus to the text, and takes the place of the last of its name", async () => {
  const pages = new Pages();
  const group = { viewColumn: 3 };
  const tab = (path: string): unknown => ({
    input: new CustomInput(new PlainUri(PAGE, path, "1")),
    group,
  });
  const last = tab("/Trace.md");
  groups = [{ tabs: [last, tab("/Explanation.md")] }];
  await pages.read("Trace", "# New");
  await pages.read("Doctor", "# First");
  const options = run.mock.calls.map((call) => call[3]);
  expect(options).toMatchObject([
    { viewColumn: 3, preserveFocus: true },
    { viewColumn: -2, preserveFocus: true },
  ]);
  expect(closed.mock.calls.map(([tabs]) => tabs)).toEqual([[last], []]);
});

test("without VS Code's Markdown, or where it fails, the source of a page is shown", async () => {
  const pages = new Pages();
  pages.register();
  hasMarkdown.mockReturnValue(false);
  await pages.read("Trace", "# One");
  hasMarkdown.mockReturnValue(true);
  run.mockRejectedValue(new Error("no such command"));
  await pages.read("Trace", "# Two");
  const texts = (opened.mock.calls as unknown as [PlainUri][]).map(([uri]) => content(uri));
  expect(texts).toEqual(["# One", "# Two"]);
  for (const [, options] of opened.mock.calls) {
    expect(options).toMatchObject({ viewColumn: -2, preserveFocus: true });
  }
});

test("a text that is no page is never read as Markdown", async () => {
  const pages = new Pages();
  pages.register();
  await pages.show("Connection", "![](https://evil.test/)");
  expect(run).not.toHaveBeenCalled();
  expect((opened.mock.calls as unknown as [PlainUri][])[0]?.[0].scheme).toBe(PAGE);
});

test("what a run would have made of a text goes with the run, and no other one's", async () => {
  const pages = new Pages();
  pages.register();
  const document = new PlainUri("file", "/notes/a.md", "") as unknown as Uri;
  await pages.difference("first", document, "We use it.", "");
  await pages.difference("second", document, "We like it.", "");
  pages.forget("first");
  const text = (runId: string): unknown => content(new PlainUri(RESULT, "/notes/a.md", runId));
  expect(text("first")).toMatch(/is gone/);
  expect(text("second")).toBe("We like it.");
});
