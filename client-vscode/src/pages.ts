/** Owns the extension's virtual documents: traces and other pages, and results beside the text. */

import {
  EventEmitter,
  Uri,
  ViewColumn,
  commands,
  languages,
  window,
  workspace,
  type Disposable,
  type TextDocumentContentProvider,
} from "vscode";

export const PAGE = "self-refine-page";
export const RESULT = "self-refine-result";

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

  register(): Disposable[] {
    return [
      this.pages,
      this.results,
      workspace.registerTextDocumentContentProvider(PAGE, this.pages),
      workspace.registerTextDocumentContentProvider(RESULT, this.results),
    ];
  }

  /** Show Markdown as a read-only document. */
  async show(name: string, text: string): Promise<void> {
    const uri = Uri.from({ scheme: PAGE, path: `/${name}.md` });
    this.pages.put(uri, text);
    const document = await workspace.openTextDocument(uri);
    await languages.setTextDocumentLanguage(document, "markdown");
    await window.showTextDocument(document, { preview: true, viewColumn: ViewColumn.Active });
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

/** The run that a result document belongs to. */
export function runOfResult(uri: Uri | undefined): string | undefined {
  return uri?.scheme === RESULT ? uri.query : undefined;
}

function resultUri(runId: string, document: Uri): Uri {
  return Uri.from({ scheme: RESULT, path: document.path, query: runId });
}
