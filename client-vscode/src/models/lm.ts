/** Lending the editor's model to the server: for runs that the user started, one at a time. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { TOOL, Turns, denialOf, denied, finished, type Thrown } from "./lmMapping";
import { nameOf, type Models } from "./editorModels";
import { lm, lmChunk, lmModel, type LmMessage, type LmParams, type LmResult } from "../protocol";
import type { Runs } from "../runs/runs";

/** Said in VS Code's own question before the first request. */
const JUSTIFICATION =
  "Self-Refine judges and rewrites the text that you selected, by your own criteria.";

/** Answer the server's requests for a model. */
export function bridge(
  client: LanguageClient,
  runs: Runs,
  models: Models,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const turns = new Turns();
  return [
    client.onRequest(lmModel, async () => {
      // Only somebody who has started something is asked which one.
      const model = await models.lent(runs.anyStartedHere());
      return model === undefined ? null : { name: nameOf(model) };
    }),
    client.onRequest(lm, async (params, token) => {
      if (!runs.startedHere(params.runId)) {
        log.warn(`A model was asked for the run ${params.runId}, which was not started here.`);
        return denied("NoPermissions", "the run was not started in this window");
      }
      return turns.take(() => answer(client, params, models, token, log));
    }),
  ];
}

/** Whether this VS Code lends models at all, and may here. */
export function canLend(): boolean {
  return vscode.workspace.isTrusted && "lm" in vscode;
}

async function answer(
  client: LanguageClient,
  params: LmParams,
  models: Models,
  token: vscode.CancellationToken,
  log: vscode.LogOutputChannel,
): Promise<LmResult> {
  if (token.isCancellationRequested) return denied("Cancelled");
  const model = await models.lent(true);
  if (model === undefined) return denied("NotFound", "there is no chat model");
  try {
    const request = await model.sendRequest(messagesOf(params.messages), optionsOf(params), token);
    return await stream(client, params, request, nameOf(model));
  } catch (error) {
    // The message of an error may hold the user's text: the log gets its code alone.
    const thrown = error as Thrown;
    log.warn(`The editor's model did not answer: ${thrown.code ?? thrown.name ?? "no reason"}.`);
    return denialOf(thrown, params.schema !== null, token.isCancellationRequested);
  }
}

async function stream(
  client: LanguageClient,
  params: LmParams,
  request: vscode.LanguageModelChatResponse,
  model: string,
): Promise<LmResult> {
  let number = 0;
  let called = false;
  for await (const part of request.stream) {
    const text = textOf(part, params.schema !== null);
    called ||= part instanceof vscode.LanguageModelToolCallPart;
    if (!text) continue;
    await client.sendProgress(lmChunk, params.token, { number: number++, text });
  }
  if (params.schema !== null && !called && number === 0) return denied("NoSchema");
  return finished(model);
}

/** A part's words. A reply by the tool is its input; anything that is no text is left out. */
function textOf(part: unknown, byTool: boolean): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  if (byTool && part instanceof vscode.LanguageModelToolCallPart && part.name === TOOL) {
    return JSON.stringify(part.input);
  }
  return "";
}

function messagesOf(messages: readonly LmMessage[]): vscode.LanguageModelChatMessage[] {
  return messages.map(({ role, content }) =>
    role === "user"
      ? vscode.LanguageModelChatMessage.User(content)
      : vscode.LanguageModelChatMessage.Assistant(content),
  );
}

function optionsOf(params: LmParams): vscode.LanguageModelChatRequestOptions {
  if (params.schema === null) return { justification: JUSTIFICATION };
  const description = "Give the whole reply, in the form that the schema says.";
  return {
    justification: JUSTIFICATION,
    tools: [{ name: TOOL, description, inputSchema: params.schema }],
    toolMode: vscode.LanguageModelChatToolMode.Required,
  };
}
