/** Owns starting a run: from the selection, with criteria and an instruction where asked. */

import { createHash } from "node:crypto";

import { commands, window, type QuickPickItem, type TextEditor } from "vscode";

import { choices, type Choice } from "./picking";
import { offers as offersRequest, type OfferView, type RunKind } from "../protocol";
import type { Server } from "../server/server";
import { markOf } from "./starts";

export interface Wish {
  criteria?: string[];
  instruction?: string;
}

/** Start a run on the selection; where no file of the team is for it, let the user pick. */
export async function start(server: Server, kind: RunKind, wish: Wish = {}): Promise<void> {
  const editor = selected();
  if (editor === undefined) return;
  if (wish.criteria === undefined) {
    const found = await offered(server, editor);
    if (found.length > 0 && !found.some((offer) => offer.applies && !offer.shipped)) {
      const picked = await pick(found, kind);
      if (picked === undefined) return;
      await send(server, editor, kind, { ...wish, criteria: picked });
      return;
    }
  }
  await send(server, editor, kind, wish);
}

/** Ask for the criteria and an instruction, then start. */
export async function startWith(server: Server): Promise<void> {
  const editor = selected();
  if (editor === undefined) return;
  const criteria = await pick(await offered(server, editor), "refine");
  if (criteria === undefined) return;
  const instruction = await window.showInputBox({
    title: TITLES.refine,
    prompt: "What else is wanted, in your own words? Leave it empty if nothing is.",
    placeHolder: "such as: for a reader who knows nothing of the project",
  });
  if (instruction === undefined) return;
  await send(server, editor, "refine", { criteria, instruction: instruction.trim() });
}

function selected(): TextEditor | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty) {
    void window.showInformationMessage(
      "Nothing is selected. Select the text to refine, then choose the command again.",
    );
    return undefined;
  }
  return editor;
}

async function offered(server: Server, editor: TextEditor): Promise<OfferView[]> {
  const client = server.client();
  if (client === undefined) return [];
  return client.sendRequest(offersRequest, {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    range: client.code2ProtocolConverter.asRange(editor.selection),
  });
}

const TITLES: Record<RunKind, string> = {
  refine: "Self-refine selection",
  critique: "Critique selection",
  generate: "Write what the selection asks for",
};

/** The ids of what was picked; undefined where nothing was, and that is said. */
async function pick(found: readonly OfferView[], kind: RunKind): Promise<string[] | undefined> {
  const items: (Choice & QuickPickItem)[] = choices(found);
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title: TITLES[kind],
    placeHolder: "Which criteria judge this text? Tick them, then press Enter.",
  });
  if (picked?.length === 0) {
    void window.showInformationMessage(
      "No criteria were ticked, so nothing was started. Choose the command again, and tick what is to judge the text.",
    );
  }
  return picked?.length ? picked.flatMap((item) => item.ids) : undefined;
}

async function send(server: Server, editor: TextEditor, kind: RunKind, wish: Wish): Promise<void> {
  const client = server.client();
  if (client === undefined) {
    server.tellStopped();
    return;
  }
  const text = editor.document.getText(editor.selection);
  const command = `selfRefine.${kind}`;
  const argument = {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    range: client.code2ProtocolConverter.asRange(editor.selection),
    // The server refuses where the words are no longer the ones that were chosen.
    textHash: createHash("sha256").update(text, "utf8").digest("hex"),
    ...wish,
  };
  await commands.executeCommand(command, argument, markOf(command, argument));
}
