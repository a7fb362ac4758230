/** Starts a run: on the selection, or on the paragraph or definition under the cursor. */

import { createHash } from "node:crypto";

import { Selection, commands, window, workspace, type TextEditor } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { tell } from "../messages";
import {
  offers as offersRequest,
  type OfferView,
  type RunKind,
  unit,
  type UnitParams,
} from "../protocol";
import { ACTIONS } from "../server/actions";
import type { Server } from "../server/server";
import { pickCriteria } from "./criteriaPicker";

export interface Options {
  criteria?: string[];
  instruction?: string;
}

const TITLES: Record<RunKind, string> = {
  refine: "Self-refine selection",
  critique: "Critique selection",
  generate: "Write what the selection asks for",
};

/** Start a run on the selection; where no file of the team is for it, let the user pick. */
export async function start(server: Server, kind: RunKind, options: Options = {}): Promise<void> {
  const found = await ready(server);
  if (found === undefined) return;
  const { client, editor } = found;
  if (options.criteria === undefined) {
    const offers = await offered(client, editor);
    if (offers.length > 0 && !offers.some(({ applies, shipped }) => applies && !shipped)) {
      const criteria = await pickCriteria(offers, TITLES[kind], false);
      if (criteria !== undefined) await send(client, editor, kind, { ...options, criteria });
      return;
    }
  }
  await send(client, editor, kind, options);
}

/** Ask for the criteria and an instruction, then start. */
export async function startWith(server: Server): Promise<void> {
  const found = await ready(server);
  if (found === undefined) return;
  const { client, editor } = found;
  const criteria = await pickCriteria(await offered(client, editor), TITLES.refine, true);
  if (criteria === undefined) return;
  const instruction = await window.showInputBox({
    title: TITLES.refine,
    prompt: "What else do you want, in your own words? Leave it empty to use the criteria alone.",
    placeHolder: "such as: for a reader who knows nothing of the project",
  });
  if (instruction === undefined) return;
  await send(client, editor, "refine", { criteria, instruction: instruction.trim() });
}

interface Ready {
  client: LanguageClient;
  editor: TextEditor;
}

/** A running server and an editor with a selection; where one is missing the user is told what helps. */
async function ready(server: Server): Promise<Ready | undefined> {
  if (!workspace.isTrusted) {
    const { title, command } = ACTIONS.manageTrust;
    tell("This workspace is not trusted, so nothing is checked, refined or sent.", {
      title,
      run: () => commands.executeCommand(command),
    });
    return undefined;
  }
  const client = await server.started();
  if (client === undefined) {
    server.tellStopped();
    return undefined;
  }
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    tell("No text is open. Open one, select what to refine, then choose the command again.");
    return undefined;
  }
  if (editor.selection.isEmpty) await selectUnit(client, editor);
  if (editor.selection.isEmpty) {
    tell(
      "There is no paragraph at the cursor. Select the text to refine, then choose the command again.",
    );
    return undefined;
  }
  return { client, editor };
}

/** Select the paragraph or definition under the cursor, so that it is seen what the run is about. */
async function selectUnit(client: LanguageClient, editor: TextEditor): Promise<void> {
  // A server of another version may not know the question.
  const found = await client.sendRequest(unit, about(client, editor)).catch(() => null);
  if (!found) return;
  const range = client.protocol2CodeConverter.asRange(found.range);
  editor.selection = new Selection(range.start, range.end);
}

function offered(client: LanguageClient, editor: TextEditor): Promise<OfferView[]> {
  return client.sendRequest(offersRequest, about(client, editor));
}

function about(client: LanguageClient, editor: TextEditor): UnitParams {
  return {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    range: client.code2ProtocolConverter.asRange(editor.selection),
  };
}

async function send(
  client: LanguageClient,
  editor: TextEditor,
  kind: RunKind,
  options: Options,
): Promise<void> {
  const text = editor.document.getText(editor.selection);
  await commands.executeCommand(`selfRefine.${kind}`, {
    ...about(client, editor),
    // The server refuses where the words are no longer the ones that were chosen.
    textHash: createHash("sha256").update(text, "utf8").digest("hex"),
    ...options,
  });
}
