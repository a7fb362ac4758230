/** The example of the walkthrough: a text that is refined without any model or key. */

import {
  Range,
  Selection,
  SnippetString,
  window,
  workspace,
  type ExtensionContext,
  type TextDocument,
} from "vscode";

import { start } from "./startRun";
import type { Server } from "../server/server";

/** The pack that judges it, which comes with the server. */
const CRITERIA = ["email"];

/** The text that was opened last; closed, or replaced by another one, it counts no more. */
let example: TextDocument | undefined;

/** Open the text in an editor of its own. */
export async function openExample(context: ExtensionContext): Promise<void> {
  const text = await workspace.fs.readFile(exampleUri(context));
  const content = new TextDecoder().decode(text);
  example = await workspace.openTextDocument({ language: "markdown", content });
  await window.showTextDocument(example, { preview: false });
}

/** Refine it, and no other text that may be in front; where it is not there, open it first. */
export async function refineExample(context: ExtensionContext, server: Server): Promise<void> {
  if (example === undefined || example.isClosed) await openExample(context);
  else await window.showTextDocument(example, { preview: false });
  const editor = window.activeTextEditor;
  if (editor === undefined) return;
  const { document } = editor;
  const end = document.lineAt(document.lineCount - 1).range.end;
  const whole = new Range(document.positionAt(0), end);
  editor.selection = new Selection(whole.start, whole.end);
  await start(server, "refine", { criteria: CRITERIA });
}

/** A criteria file to fill in; its snippet is the same as `criteria-file`. */
export async function newCriteria(context: ExtensionContext): Promise<void> {
  const uri = context.extension.extensionUri.with({
    path: `${context.extension.extensionUri.path}/snippets/criteria.code-snippets`,
  });
  const snippets = JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(uri))) as Record<
    string,
    { body: string[] }
  >;
  const body = snippets["Self-Refine: criteria file"]?.body ?? [];
  const document = await workspace.openTextDocument({ language: "markdown" });
  const editor = await window.showTextDocument(document, { preview: false });
  await editor.insertSnippet(new SnippetString(body.join("\n")));
  void window.showInformationMessage(
    "Save it as NAME.criteria.md in a folder criteria of your workspace; it judges from then on.",
  );
}

function exampleUri(context: ExtensionContext): ExtensionContext["extensionUri"] {
  return context.extensionUri.with({ path: `${context.extensionUri.path}/walkthrough/example.md` });
}
