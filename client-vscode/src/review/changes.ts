/** Follows the changes that wait for an answer in the documents that are open. */

import { EventEmitter, workspace, type Disposable, type TextDocument, type Uri } from "vscode";

import type { ChangeView, PartView, RunView } from "../protocol";
import type { Runs } from "../runs/runs";
import { inOrder, movedChange, type Part, type Pending, type Stretch } from "./pending";

/** What turns the protocol's addresses and ranges into VS Code's. */
export interface Places {
  uri(protocol: string): Uri;
  stretch(document: TextDocument, range: RunView["range"]): Stretch;
}

/** Code points that the server sends of a part at most: of a longer one the beginning is compared. */
const SENT = 2000;

export class Changes implements Disposable {
  private readonly documents = new Map<string, Pending[]>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onChange = this.changed.event;
  private readonly following: Disposable[];

  constructor(
    runs: Runs,
    private readonly places: Places,
  ) {
    this.following = [
      runs.onChange((run) => {
        if (run === undefined) this.clear();
        else this.put(run);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const known = this.documents.get(document.uri.toString());
        if (known === undefined) return;
        const edits = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
          offset: rangeOffset,
          length: rangeLength,
          added: text.length,
        }));
        const now = known.map((change) => edits.reduce(movedChange, change));
        this.documents.set(document.uri.toString(), now);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.documents.delete(uri.toString());
        this.changed.fire(uri);
      }),
    ];
  }

  /** Those of a document, in the order of its text. */
  of(uri: Uri): Pending[] {
    return inOrder(this.documents.get(uri.toString()) ?? []);
  }

  /** Addresses of the documents that have any. */
  addresses(): string[] {
    return [...this.documents].filter(([, found]) => found.length > 0).map(([address]) => address);
  }

  dispose(): void {
    for (const each of [...this.following, this.changed]) each.dispose();
  }

  private put(run: RunView): void {
    const uri = this.places.uri(run.uri);
    const address = uri.toString();
    const document = workspace.textDocuments.find((each) => each.uri.toString() === address);
    if (document === undefined) return;
    const before = this.documents.get(address) ?? [];
    const others = before.filter(({ runId }) => runId !== run.runId);
    const ours = run.changes
      .filter(({ state }) => state === "landed")
      .map((change) => this.placed(document, run.runId, change, before));
    const now = [...others, ...ours.filter((change) => change !== undefined)];
    if (now.length > 0) this.documents.set(address, now);
    else this.documents.delete(address);
    if (now.length > 0 || before.length > 0) this.changed.fire(uri);
  }

  /** A change where it stands; undefined where it stands nowhere. */
  private placed(
    document: TextDocument,
    runId: string,
    change: ChangeView,
    before: readonly Pending[],
  ): Pending | undefined {
    const known = before.find((each) => each.runId === runId && each.number === change.number);
    if (change.range === null) return known;
    const pieces = change.parts.flatMap((part) => {
      if (part.range === null) return [];
      return [{ part, place: this.places.stretch(document, part.range) }];
    });
    const reading = pieces.filter(({ part, place }) => reads(document, place, part));
    // The document is already ahead of this message: what is known has followed it.
    if (known !== undefined && reading.length < pieces.length) return known;
    const parts = reading.map(({ part, place }): Part => ({ ...place, before: part.before }));
    const { number, title, before: words } = change;
    const place = this.places.stretch(document, change.range);
    return { ...place, runId, number, title, before: words, parts };
  }

  private clear(): void {
    const addresses = [...this.documents.keys()];
    this.documents.clear();
    for (const { uri } of workspace.textDocuments) {
      if (addresses.includes(uri.toString())) this.changed.fire(uri);
    }
  }
}

/** Whether the new words of a part stand where the server says. */
function reads(document: TextDocument, { start, end }: Stretch, { after }: PartView): boolean {
  const text = document.getText().slice(start, end).replace(/\r\n?/gu, "\n");
  const expected = after.replace(/\r\n?/gu, "\n");
  return Array.from(expected).length >= SENT
    ? text.startsWith(expected.slice(0, -1))
    : text === expected;
}
