// Records VS Code's own keys, on each platform, for the test that no key of ours is one of them:
//   node tests/editors/vscode/keymap.mjs
// writes client-vscode/test/keymap/PLATFORM.json: each key of the workbench and of the extensions that
// come with it, with one command that has it. The web workbench takes the platform from the browser, so one machine records all three.

import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";

import { ROOT, chromium, folder, vscode, workbench } from "./harness.mjs";

const AGENTS = {
  linux: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
  windows:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
  macos:
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
};

/** A key of an extension that comes with VS Code: once it is listed, all of them are. */
const LAST = "markdown.showPreviewToSide";

/** VS Code's default keys, `[{ key, command, when }]`, as its own page lists them. */
export async function defaultKeys(at, modifier = "Control") {
  for (let again = 10; again > 0; again--) {
    const keys = await listed(at, modifier);
    if (keys.some(({ command }) => command === LAST)) return keys;
    await at.command("View: Close All Editors");
  }
  throw new Error(`VS Code lists no key for ${LAST}`);
}

async function listed(at, modifier) {
  const context = at.page.context();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await at.command("Preferences: Open Default Keyboard Shortcuts (JSON)");
  await at.page.locator(".tab.active", { hasText: /keybindings/i }).waitFor();
  await at.editor.locator(".view-line").first().click();
  await at.page.evaluate(() => navigator.clipboard.writeText("nothing"));
  // The browser copies by its own key, whatever platform the workbench takes it for.
  await at.press(`${modifier}+KeyA`, "Control+KeyC");
  const text = await at.page.evaluate(() => navigator.clipboard.readText());
  if (!text.includes("]")) return [];
  const end = text.indexOf("\n]");
  return JSON.parse(text.slice(text.indexOf("["), end + 2).replace(/^\s*\/\/.*$/gm, ""));
}

async function record() {
  const server = await vscode("keymap");
  const browser = await chromium();
  const place = path.join(ROOT, "client-vscode", "test", "keymap");
  fs.mkdirSync(place, { recursive: true });
  try {
    for (const [platform, userAgent] of Object.entries(AGENTS)) {
      const root = folder("keymap", { "a.md": "a\n" });
      const at = await workbench(browser, server, root, "", { userAgent });
      await at.page.locator(".explorer-folders-view .monaco-list-row").first().click();
      const keys = await defaultKeys(at, platform === "macos" ? "Meta" : "Control");
      const commands = Object.fromEntries(keys.map(({ key, command }) => [key, command]).sort());
      const text = JSON.stringify(commands, null, 2);
      fs.writeFileSync(path.join(place, `${platform}.json`), `${text}\n`);
      console.log(`${platform}: ${keys.length} keys`);
      await at.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await record();
