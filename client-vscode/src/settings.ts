/** Reads VS Code's settings: nothing else calls `getConfiguration`. */

import { Uri, workspace, type ConfigurationScope } from "vscode";

export const SECTION = "selfRefine";

/** Only the user's own settings may give these; `settings.py` ignores them from elsewhere too. */
export const USER_KEYS = [
  "baseUrl",
  "model",
  "criticModel",
  "provider",
  "criticBaseUrl",
  "keyFrom",
  "criticKeyFrom",
  "keyCommand",
  "extraHeaders",
  "extraQuery",
  "proxy",
  "noProxy",
  "caFile",
  "caSystem",
  "clientCertificate",
  "allowHttp",
  "maxCalls",
  "maxTokens",
  "maxSeconds",
  "firstByteSeconds",
  "idleSeconds",
  "maxOutputTokens",
  "reasoningEffort",
  "maxSelectionTokens",
  "secrets",
  "neverSend",
  "trace",
  "cache",
  "logLevel",
  "serverPath",
  "interpreter",
] as const;

/** A workspace may give these as well. */
export const ANY_KEYS = ["review", "mode", "passes", "liveChecks"] as const;

/** Say which server is started; read here and never sent. */
export const START_KEYS: readonly string[] = ["serverPath", "interpreter"];

export type UserKey = (typeof USER_KEYS)[number];
export type AnyKey = (typeof ANY_KEYS)[number];
export type Values = Record<string, unknown>;

/** What the user has set, for `initializationOptions`: defaults are the server's own. */
export function userValues(): Values {
  const keys = [...USER_KEYS, ...ANY_KEYS].filter((key) => !START_KEYS.includes(key));
  return given(keys, (key) => inspected(key)?.globalValue);
}

/** What the user or the workspace has set of what a workspace may set. */
export function sharedValues(scope?: ConfigurationScope): Values {
  return given(ANY_KEYS, (key) => {
    const found = inspected(key, scope);
    return found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
  });
}

/** The user's own value of a text setting; "" where there is none. */
export function userText(key: UserKey): string {
  const value = inspected(key)?.globalValue;
  return typeof value === "string" ? value.trim() : "";
}

/**
 * The user keys that the workspace tries to set: they are ignored. VS Code itself drops keys of machine
 * scope from what `inspect` tells of a workspace, so its files are read.
 */
export async function ignoredKeys(): Promise<UserKey[]> {
  const folders = workspace.workspaceFolders ?? [];
  const files = folders.map(({ uri }) => Uri.joinPath(uri, ".vscode", "settings.json"));
  const { workspaceFile } = workspace;
  if (workspaceFile && workspaceFile.scheme !== "untitled") files.push(workspaceFile);
  const texts = await Promise.all(files.map(textOf));
  return keysNamed(texts.join("\n"));
}

/** The user keys that a settings file names, in comments too. */
export function keysNamed(text: string): UserKey[] {
  return USER_KEYS.filter((key) => text.includes(`"${SECTION}.${key}"`));
}

/** "" where there is no such file. */
async function textOf(file: Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch {
    return "";
  }
}

/** Whether a result waits until it is accepted, as things are set for a document. */
export function holds(scope: ConfigurationScope): boolean {
  return sharedValues(scope)["review"] === "hold";
}

/** Whether the user has told VS Code that a screen reader is used. */
export function hasScreenReader(): boolean {
  return workspace.getConfiguration("editor").get("accessibilitySupport") === "on";
}

interface Inspected {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

function inspected(key: string, scope?: ConfigurationScope): Inspected | undefined {
  return workspace.getConfiguration(SECTION, scope ?? null).inspect(key);
}

/** An empty text counts as unset: VS Code's settings page leaves one behind. */
function given(keys: readonly string[], read: (key: string) => unknown): Values {
  const pairs = keys.map((key): [string, unknown] => [key, read(key)]);
  return Object.fromEntries(
    pairs.filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
}
