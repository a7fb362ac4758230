/** The API key: kept in VS Code's secret storage, never in a file or a setting. */

import { window, type SecretStorage } from "vscode";

import { userText } from "../settings";

/** The names under which the key, and the endpoint that it was stored for, are kept. */
export const KEY = "selfRefine.apiKey";
const KEY_FOR = "selfRefine.apiKeyFor";

/** The endpoint that is set now: a key that is stored now is for it, and for no other. */
function endpointNow(): string {
  const provider = userText("provider");
  const named = [
    userText("baseUrl"),
    provider && `provider:${provider}`,
    process.env["OPENAI_BASE_URL"]?.trim(),
  ];
  return named.find(Boolean) ?? "https://api.openai.com/v1";
}

/** The key and its endpoint, for the server; nothing where no key is stored. */
export async function storedKey(secrets: SecretStorage): Promise<Record<string, string>> {
  const apiKey = await secrets.get(KEY);
  if (!apiKey) return {};
  let apiKeyFor = await secrets.get(KEY_FOR);
  if (!apiKeyFor) {
    // Stored by an earlier version: from now on it belongs to the endpoint of today.
    apiKeyFor = endpointNow();
    await secrets.store(KEY_FOR, apiKeyFor);
  }
  return { apiKey, apiKeyFor };
}

export async function setKey(secrets: SecretStorage): Promise<void> {
  const endpoint = endpointNow();
  const key = await window.showInputBox({
    title: "Self-Refine: API key",
    prompt: `The key for ${endpoint.replace(/^provider:/, "")}. It is kept in VS Code's secret storage and sent to that endpoint alone.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x21-\x7e]*$/.test(value.trim())
        ? undefined
        : "A key has no blanks and only plain letters.",
  });
  if (!key?.trim()) return;
  await secrets.store(KEY_FOR, endpoint);
  await secrets.store(KEY, key.trim());
  void window.showInformationMessage("Self-Refine: the key is stored.");
}

export async function removeKey(secrets: SecretStorage): Promise<void> {
  await secrets.delete(KEY);
  await secrets.delete(KEY_FOR);
  void window.showInformationMessage("Self-Refine: the key is removed.");
}
