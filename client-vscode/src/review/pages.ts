/** The extension's virtual documents: traces and other pages, and results; never over the text. */

import {
  EventEmitter,
  TabInputCustom,
  TabInputText,
  Uri,
  ViewColumn,
  commands,
  extensions,
  languages,
  window,
  workspace,
  type Disposable,
  type Tab,
  type TextDocumentContentProvider,
} from "vscode";

export const PAGE = "self-refine-page";
export const RESULT = "self-refine-result";

/** Pages that the user can go back to. */
const PAGES_KEPT = 20;

const GONE = "This page is gone: its run is over, or the server was started again.\n";

/** Documents that are held in memory. */
class Held implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  put(uri: Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
  }

  /** Let go of all but the newest. */
  keep(most: number): void {
    for (const key of [...this.texts.keys()].slice(0, -most)) this.texts.delete(key);
  }

  /** Let go of those that a query names. */
  drop(query: string): void {
    for (const key of [...this.texts.keys()]) {
      if (Uri.parse(key).query === query) this.texts.delete(key);
    }
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? GONE;
  }

  dispose(): void {
    this.changed.dispose();
  }
}

export class Pages {
  private readonly pages = new Held();
  private readonly results = new Held();
  private count = 0;

  register(): Disposable[] {
    return [
      this.pages,
      this.results,
      workspace.registerTextDocumentContentProvider(PAGE, this.pages),
      workspace.registerTextDocumentContentProvider(RESULT, this.results),
    ];
  }

  /**
   * Show a page of the server as it reads, beside the text: whatever it quotes is escaped there. It
   * takes the place of the last page of that name; the text keeps the focus, for whoever reviews by
   * keyboard goes on in it. Where VS Code's own Markdown extension is turned off, its source is shown.
   */
  async read(name: string, page: string): Promise<void> {
    const uri = this.put(name, page);
    const last = pageTabs(name);
    const column = last[0]?.group.viewColumn ?? ViewColumn.Beside;
    if (!(await previewed(uri, column))) await this.open(uri, column);
    await window.tabGroups.close(last, true);
  }

  /** Show a text as a read-only document, without reading it as anything. */
  async show(name: string, text: string): Promise<void> {
    await this.open(this.put(name, text), ViewColumn.Beside);
  }

  /** Each page has an address of its own: a preview that is open does not look again. */
  private put(name: string, text: string): Uri {
    this.count += 1;
    const uri = Uri.from({ scheme: PAGE, path: `/${name}.md`, query: `${this.count}` });
    this.pages.put(uri, text);
    this.pages.keep(PAGES_KEPT);
    return uri;
  }

  private async open(uri: Uri, viewColumn: ViewColumn): Promise<void> {
    const document = await workspace.openTextDocument(uri);
    await languages.setTextDocumentLanguage(document, "markdown");
    await window.showTextDocument(document, {
      preview: true,
      preserveFocus: true,
      viewColumn,
    });
  }

  /** Show a document beside what it would be; the title names the run. */
  async difference(runId: string, document: Uri, after: string, title: string): Promise<void> {
    const uri = resultUri(runId, document);
    this.results.put(uri, after);
    await commands.executeCommand("vscode.diff", document, uri, title, { preview: true });
  }

  /** Let go of what a run would have made of its document. */
  forget(runId: string): void {
    this.results.drop(runId);
  }

  /** Renew a difference that is open. */
  renew(runId: string, document: Uri, after: string): void {
    this.results.put(resultUri(runId, document), after);
  }
}

/** Tabs with a page of that name. */
function pageTabs(name: string): Tab[] {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => {
      const hasAddress = input instanceof TabInputCustom || input instanceof TabInputText;
      return hasAddress && input.uri.scheme === PAGE && input.uri.path === `/${name}.md`;
    });
}

/** VS Code's rendered Markdown as an editor: unlike its preview command, it can leave the focus alone. */
const RENDERED = "vscode.markdown.preview.editor";

/** Show a document as rendered Markdown; false where it cannot be. */
async function previewed(uri: Uri, viewColumn: ViewColumn): Promise<boolean> {
  if (extensions.getExtension("vscode.markdown-language-features") === undefined) return false;
  try {
    const options = { viewColumn, preserveFocus: true, preview: true };
    await commands.executeCommand("vscode.openWith", uri, RENDERED, options);
    return true;
  } catch {
    return false;
  }
}

/** The run that a result document belongs to. */
export function runOfResult(uri: Uri | undefined): string | undefined {
  return uri?.scheme === RESULT ? uri.query : undefined;
}

function resultUri(runId: string, document: Uri): Uri {
  return Uri.from({ scheme: RESULT, path: document.path, query: runId });
}
