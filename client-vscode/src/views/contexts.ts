/** Context keys: what keys, menus and welcome texts depend on. */

import { commands, window, type Disposable } from "vscode";

import type { RunState } from "../protocol";
import type { Changes, Places } from "../review/changes";
import type { Runs } from "../runs/runs";

const known = new Map<string, string>();

/** Set a key of ours, where it has another value than before. */
export function setContext(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  if (known.get(name) === text) return;
  known.set(name, text);
  void commands.executeCommand("setContext", `selfRefine.${name}`, value);
}

/**
 * Keep the keys that follow runs and changes. `…Here` is about the text in front, for keys. `…Names`
 * lists names of files, for title bars: their addresses differ between a remote host and the window.
 */
export function followContexts(runs: Runs, changes: Changes, places: Places): Disposable[] {
  const documents = (state: RunState): string[] =>
    runs
      .all()
      .filter((run) => run.state === state)
      .map((run) => places.uri(run.uri).toString());
  const show = (): void => {
    const here = window.activeTextEditor?.document.uri.toString();
    const found = {
      pending: changes.addresses(),
      waiting: documents("waiting"),
      running: documents("running"),
    };
    for (const [name, addresses] of Object.entries(found)) {
      setContext(name, addresses.length > 0);
      setContext(`${name}Here`, here !== undefined && addresses.includes(here));
      setContext(`${name}Names`, addresses.map(nameOf));
    }
    setContext("hasRuns", runs.all().length > 0);
  };
  show();
  return [runs.onChange(show), changes.onChange(show), window.onDidChangeActiveTextEditor(show)];
}

function nameOf(address: string): string {
  return decodeURIComponent(address.split(/[?#]/u)[0]?.split("/").at(-1) ?? "");
}
