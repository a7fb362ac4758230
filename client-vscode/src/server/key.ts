/** The API key: kept in VS Code's secret storage, never in a file or a setting. */

import { window, type SecretStorage } from "vscode";

import { KEY } from "./server";
import { userText } from "../settings";

export async function setKey(secrets: SecretStorage): Promise<void> {
  // Without a setting of ours, the environment or a file of the server may name another one.
  const endpoint = userText("baseUrl") || "the endpoint that is set, OpenAI's where none is";
  const key = await window.showInputBox({
    title: "Self-Refine: API key",
    prompt: `The key for ${endpoint}. It is kept in VS Code's secret storage and sent to that endpoint alone.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x21-\x7e]*$/.test(value.trim())
        ? undefined
        : "A key has no blanks and only plain letters.",
  });
  if (!key?.trim()) return;
  await secrets.store(KEY, key.trim());
  void window.showInformationMessage("Self-Refine: the key is stored.");
}

export async function removeKey(secrets: SecretStorage): Promise<void> {
  await secrets.delete(KEY);
  void window.showInformationMessage("Self-Refine: the key is removed.");
}
