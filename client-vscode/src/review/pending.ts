/**
 * The changes of a document that wait for an answer, in the order of the text. Their places follow the
 * user's edits between two messages of the server. Offsets are UTF-16 code units, as VS Code counts. Pure.
 */

/** A stretch of the text: from `start` to `end`, which may be the same. */
export interface Stretch {
  start: number;
  end: number;
}

/** Words inside a change, with those that stood there before. */
export interface Part extends Stretch {
  before: string;
}

/** A change that can be kept or reverted. */
export interface Pending extends Stretch {
  runId: string;
  number: number;
  title: string;
  before: string;
  parts: Part[];
}

/** What an edit replaced, and how long the new text is. */
export interface Edit {
  offset: number;
  length: number;
  added: number;
}

/** A stretch after an edit. What is typed at its ends stays outside; one that is taken out is empty. */
export function moved<T extends Stretch>(stretch: T, { offset, length, added }: Edit): T {
  const end = offset + length;
  const shift = added - length;
  if (end <= stretch.start && !(offset === stretch.start && stretch.start === stretch.end)) {
    return { ...stretch, start: stretch.start + shift, end: stretch.end + shift };
  }
  if (offset >= stretch.end) return stretch;
  const start = Math.min(stretch.start, offset);
  return { ...stretch, start, end: Math.max(stretch.end, end) + shift };
}

/** A change and its parts after an edit. */
export function movedChange(change: Pending, edit: Edit): Pending {
  return { ...moved(change, edit), parts: change.parts.map((part) => moved(part, edit)) };
}

/** In the order of the text. */
export function inOrder(changes: readonly Pending[]): Pending[] {
  return [...changes].sort((one, other) => one.start - other.start || one.end - other.end);
}

/** The change that a cursor stands in or at. */
export function changeAt(changes: readonly Pending[], offset: number): Pending | undefined {
  return (
    changes.find(({ start, end }) => start <= offset && offset < end) ??
    changes.find(({ start }) => start === offset) ??
    changes.find(({ end }) => end === offset)
  );
}

/** The change that a command means: the one at the cursor, else the only first one of its line. */
export function meant(
  changes: readonly Pending[],
  offset: number,
  line: Stretch,
): Pending | undefined {
  const inLine = inOrder(changes).find(({ start, end }) => start <= line.end && end >= line.start);
  return changeAt(changes, offset) ?? inLine;
}

/** The next or previous change from a cursor; it wraps around. */
export function neighbour(
  changes: readonly Pending[],
  offset: number,
  direction: "next" | "previous",
): Pending | undefined {
  const ordered = inOrder(changes);
  if (direction === "next") return ordered.find(({ start }) => start > offset) ?? ordered[0];
  return ordered.findLast(({ start }) => start < offset) ?? ordered.at(-1);
}
