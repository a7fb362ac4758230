import { expect, test, vi } from "vitest";
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

const providers = new Map<string, TextDocumentContentProvider>();
vi.mock("vscode", () => ({
  Uri: PlainUri,
  EventEmitter: class {
    fire(): void {
      // Nobody listens.
    }
  },
  commands: { executeCommand: () => Promise.resolve() },
  workspace: {
    registerTextDocumentContentProvider: (scheme: string, held: TextDocumentContentProvider) =>
      providers.set(scheme, held),
  },
}));

const { Pages, RESULT } = await import("../src/pages");

test("what a run would have made of a text goes with the run, and no other one's", async () => {
  const pages = new Pages();
  pages.register();
  const document = new PlainUri("file", "/notes/a.md", "") as unknown as Uri;
  await pages.difference("first", document, "We use it.", "");
  await pages.difference("second", document, "We like it.", "");
  pages.forget("first");
  const text = (runId: string): unknown =>
    providers
      .get(RESULT)
      ?.provideTextDocumentContent(
        new PlainUri(RESULT, "/notes/a.md", runId) as unknown as Uri,
        undefined as never,
      );
  expect(text("first")).toMatch(/is gone/);
  expect(text("second")).toBe("We like it.");
});
