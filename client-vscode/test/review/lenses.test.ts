import { expect, test } from "vitest";

import { named, type Lens } from "../../src/review/lenses";
import type { ChangeView, RunView } from "../../src/protocol";

function change(number: number, before: string, after: string): ChangeView {
  return { number, state: "landed", before, after, answers: [], range: null };
}

const RUN = {
  changes: [change(0, "leverage", "use"), change(1, "in order ", ""), change(2, "utilise", "open")],
} as unknown as RunView;

function lens(line: number, command: string, title: string, hunk: number): Lens {
  const argument = { runId: "a", hunk };
  return {
    range: { start: { line } },
    command: { title, command: `selfRefine.${command}`, arguments: [argument] },
  };
}

function three(line: number, hunk: number): Lens[] {
  return [
    lens(line, "accept", "Keep", hunk),
    lens(line, "revert", "Revert this change", hunk),
    lens(line, "explain", "Why?", hunk),
  ];
}

function titles(lenses: Lens[]): (string | undefined)[] {
  return named(lenses, () => RUN).map(({ command }) => command?.title);
}

test("changes on one line are told apart by their words; one that stands alone is not", () => {
  expect(titles([...three(2, 0), ...three(2, 1), ...three(4, 2)])).toEqual([
    "Keep “use”",
    "Revert to “leverage”",
    "Why?",
    "Keep without “in order”",
    "Revert to “in order”",
    "Why?",
    "Keep",
    "Revert this change",
    "Why?",
  ]);
});

test("words that are new are named where they can be taken out again", () => {
  const run = { changes: [change(0, "", "soon "), change(1, " ", "\n")] } as unknown as RunView;
  const found = named([...three(2, 0), ...three(2, 1)], () => run);
  expect(found.map(({ command }) => command?.title)).toEqual([
    "Keep “soon”",
    "Take out “soon”",
    "Why?",
    "Keep",
    "Revert this change",
    "Why?",
  ]);
});

test("lenses of runs that are not known stay as they are", () => {
  const lenses = [...three(2, 0), ...three(2, 1)];
  expect(named(lenses, () => undefined).map(({ command }) => command?.title)).toEqual([
    "Keep",
    "Revert this change",
    "Why?",
    "Keep",
    "Revert this change",
    "Why?",
  ]);
});
