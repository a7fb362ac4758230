// The first start, a workspace that is not trusted, and what goes wrong before a server runs: each
// with its message and its way out. Every test has a VS Code of its own.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, test } from "node:test";

import {
  BUILD,
  ROOT,
  chromium,
  extensionFile,
  folder,
  listener,
  scripted,
  vscode,
  workbench,
} from "./harness.mjs";
import { FILES, FIRST, LAST, NOTE, RULE } from "./texts.mjs";

/** Answers as an old Python does. */
const OLD = `#!/bin/sh
echo '[[3, 9, 2], "/usr/bin/python3.9", true, true]'
`;

const open = [];
let at;

/** Close it after the test. */
function closing(thing) {
  open.unshift(thing);
  return thing;
}

afterEach(async (context) => {
  const name = `end of ${context.name}`.replace(/[^\w ]/g, "");
  if (at !== undefined) await at.shot(name).catch(() => {});
  at = undefined;
  for (const thing of open.splice(0)) await thing.close();
});

async function started(name, options = {}) {
  const server = closing(await vscode(name, { extensions: [extensionFile()], ...options }));
  const browser = closing(await chromium());
  return { server, browser };
}

/** A toast, opened to its full height and with its buttons. */
async function toast(words) {
  const found = at.toast(words).first();
  await found.waitFor();
  await found.hover();
  return found;
}

test("the first start makes an environment under a notification; then the checks run", async () => {
  const { server, browser } = await started("first", { fresh: true });
  const began = Date.now();
  at = await workbench(browser, server, folder("first", FILES));
  const notification = at.toast(/setting up its server \(once\)/);
  await notification.first().waitFor();
  await at.shot("installing");
  await at.open("note.md");
  await at.page.locator(".monaco-editor .squiggly-warning").first().waitFor({ timeout: 240_000 });
  const figures = { firstFindingSeconds: (Date.now() - began) / 1000 };
  server.keepEnvironment();

  // A second window finds the environment made.
  await at.close();
  const again = Date.now();
  at = await workbench(browser, server, folder("first", FILES));
  await at.open("note.md");
  await at.page.locator(".monaco-editor .squiggly-warning").first().waitFor();
  figures.laterFindingSeconds = (Date.now() - again) / 1000;
  assert.equal(await at.toast(/setting up its server/).count(), 0);
  fs.writeFileSync(path.join(BUILD, "first-start.json"), JSON.stringify(figures));
});

test("an installation can be cancelled, and tried again from the message", async () => {
  const { server, browser } = await started("cancelled", { fresh: true });
  at = await workbench(browser, server, folder("cancelled", FILES));
  const notification = at.toast(/setting up its server \(once\)/).first();
  await notification.waitFor();
  await notification.hover();
  await notification.locator(".monaco-button", { hasText: /Cancel/ }).click();
  const message = await toast(/You cancelled the installation of the Self-Refine server/);
  await message.locator(".monaco-button", { hasText: /Try again/ }).waitFor();
  await message.locator(".monaco-button", { hasText: /Show log/ }).waitFor();
  await at.shot("cancelled");
  const left = fs.existsSync(server.storage) ? fs.readdirSync(server.storage) : [];
  assert.deepEqual(
    left.filter((name) => name.startsWith("server-")),
    [],
  );
  await message.locator(".monaco-button", { hasText: /Try again/ }).click();
  await at
    .toast(/setting up its server \(once\)/)
    .first()
    .waitFor();
});

test("offline, the message says so and what to do", async () => {
  const { server, browser } = await started("offline", {
    fresh: true,
    environment: {
      PIP_CONFIG_FILE: "/dev/null",
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_NO_CACHE_DIR: "1",
      PIP_RETRIES: "1",
    },
  });
  at = await workbench(browser, server, folder("offline", FILES));
  const message = at.toast(/there seems to be no connection/).first();
  await message.waitFor({ timeout: 120_000 });
  await message.hover();
  await message.locator(".monaco-button", { hasText: /Try again/ }).waitFor();
  await at.shot("offline");
});

test("without any Python, the message says which is needed and where to name it", async () => {
  const programs = folder("no-programs", { "readme.txt": "nothing to run" });
  // The editor takes PATH from a login shell.
  const home = { ".bash_profile": `export PATH=${programs}\n` };
  const { server, browser } = await started("python", {
    home,
    environment: { SHELL: "/bin/bash" },
  });
  at = await workbench(browser, server, folder("python", FILES));
  const message = await toast(/needs Python 3\.11 or later and found none/);
  await message.locator(".monaco-button", { hasText: /Open settings/ }).waitFor();
  await at.shot("no python");
});

test("a Python that is too old is named with its version", async () => {
  const old = path.join(folder("old", { python3: OLD }), "python3");
  fs.chmodSync(old, 0o755);
  const machine = { "selfRefine.interpreter": old };
  const { server, browser } = await started("old", { machine });
  at = await workbench(browser, server, folder("old-python", FILES));
  const message = await toast(/is Python 3\.9\.2\. Name another/);
  await message.locator(".monaco-button", { hasText: /Try again/ }).waitFor();
  await at.shot("old python");
});

test("a server of another version than the extension works, and the difference is said", async () => {
  const python = path.join(ROOT, ".venv", "bin", "python");
  const program = `#!${python}
import sys
import self_refine
self_refine.__version__ = "9.9.9"
from self_refine.cli.main import entry
sys.exit(entry())
`;
  const other = path.join(folder("other-version", { "self-refine": program }), "self-refine");
  fs.chmodSync(other, 0o755);
  const machine = { "selfRefine.serverPath": other };
  const { server, browser } = await started("version", { machine });
  at = await workbench(browser, server, folder("version", FILES));
  const { version } = JSON.parse(
    fs.readFileSync(path.join(ROOT, "client-vscode", "package.json"), "utf8"),
  );
  const words = `The Self-Refine server is version 9.9.9, the extension ${version}.`;
  const message = await toast(words);
  await message.locator(".monaco-button", { hasText: /Show log/ }).waitFor();
  await at.shot("other version");
  await at.open("note.md");
  await at.page.locator(".monaco-editor .squiggly-warning").first().waitFor();
});

test("a workspace that is not trusted: no criteria are read, no model is asked; trust makes it whole", async () => {
  const model = closing(await scripted({ rule: RULE }));
  const trap = closing(await listener());
  const evil = { "selfRefine.baseUrl": trap.url };
  const files = { ...FILES, ".vscode/settings.json": JSON.stringify(evil) };
  const { server, browser } = await started("trust", {
    machine: { "selfRefine.baseUrl": model.url },
    settings: { "security.workspace.trust.startupPrompt": "never" },
    environment: { TRUST: "1" },
  });
  at = await workbench(browser, server, folder("trust", files));
  await at.page.locator(".statusbar-item", { hasText: /Restricted Mode/ }).waitFor();
  await at.open("note.md");
  await at.ready();
  await at.page
    .locator(".statusbar-item", { hasText: /workspace not trusted/ })
    .first()
    .waitFor();
  await at.selectLines(FIRST, LAST);
  // No menu and no palette offers a run here; its key says why there is none.
  await at.press("Alt+KeyQ");
  await at
    .toast(/workspace is not trusted/)
    .first()
    .waitFor();
  await at.shot("not trusted");
  assert.equal(await at.page.locator(".monaco-editor .squiggly-warning").count(), 0);
  await at.onDisk("note.md", NOTE);

  await at.command("Workspaces: Manage Workspace Trust");
  await at.page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
  await at.page
    .locator(".statusbar-item", { hasText: /Restricted Mode/ })
    .waitFor({ state: "detached" });
  await at.open("note.md");
  await at.page.locator(".monaco-editor .squiggly-warning").first().waitFor();
  await at.selectLines(FIRST, LAST);
  await at.command("Self-Refine: Self-refine selection");
  await at.line("We use the new cache to answer faster.").waitFor();
  assert.equal(trap.connections(), 0);
});
