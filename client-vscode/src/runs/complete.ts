/** Fills what a server of an earlier version does not say of a run: `serverPath` may name one. Pure. */

import type { ChangeView, Counts, RunView, Verdict } from "../protocol";

/** What every version says. */
type Base = Pick<
  RunView,
  "runId" | "uri" | "kind" | "title" | "state" | "stage" | "stop" | "range" | "passes"
>;
export type Told = Base & Partial<Omit<RunView, "changes">> & { changes: ToldChange[] };
type ToldChange = Pick<ChangeView, "number" | "state" | "before" | "after" | "range"> &
  Partial<ChangeView>;

export function complete(run: Told): RunView {
  const changes = run.changes.map(completeChange);
  return {
    began: "",
    file: fileName(run.uri),
    line: run.range.start.line + 1,
    whyWaiting: "",
    held: false,
    restored: false,
    instruction: "",
    model: "",
    verdict: verdictOf(run),
    counts: countsOf(run, changes),
    criteria: [],
    detail: "",
    calls: 0,
    tokens: 0,
    estimated: false,
    ...run,
    changes,
  };
}

function completeChange(change: ToldChange): ChangeView {
  const { range, before, after } = change;
  const parts = change.state === "landed" ? [{ range, before, after }] : [];
  return { title: `“${before}” → “${after}”`, answers: [], why: [], parts, ...change };
}

function verdictOf({ state, stop, detail }: Told): Verdict {
  if (state === "running") return { kind: "running", sentence: "" };
  return { kind: "unchecked", sentence: [stop, detail].filter(Boolean).join(": ") };
}

function countsOf({ passes }: Told, changes: readonly ChangeView[]): Counts {
  const having = (...states: ChangeView["state"][]): number =>
    changes.filter(({ state }) => states.includes(state)).length;
  const last = passes.at(-1)?.findings ?? [];
  return {
    changes: changes.length,
    pending: having("waiting", "landed"),
    kept: having("kept"),
    reverted: having("reverted"),
    open: last.filter(({ fixedIn }) => fixedIn === null).length,
    resolved: passes.flatMap(({ findings }) => findings).filter(({ fixedIn }) => fixedIn !== null)
      .length,
    unchecked: 0,
  };
}

/** The last part of an address, decoded. */
function fileName(uri: string): string {
  const last = uri.split("/").at(-1) ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
