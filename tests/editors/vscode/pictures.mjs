// Makes what only a run of the real workbench can give, after a change of how things look:
//   node tests/editors/vscode/pictures.mjs [images] [steps] [settings] [activation]
// the pictures of the walkthrough (client-vscode/walkthrough) and of the pages (docs/images), and the
// time of activation beside that of an extension that does nothing (build/vscode-tests/activation.json).
// `make test-vscode` has prepared what it needs.

import * as fs from "node:fs";
import * as path from "node:path";

import {
  BUILD,
  ROOT,
  chromium,
  extensionFile,
  folder,
  packed,
  scripted,
  vscode,
  workbench,
} from "./harness.mjs";
import { FILES, FIRST, LAST, RULE } from "./texts.mjs";

const STEPS = path.join(ROOT, "client-vscode", "walkthrough");
const IMAGES = path.join(ROOT, "docs", "images");
fs.mkdirSync(IMAGES, { recursive: true });

const model = await scripted({ rule: RULE });
const server = await vscode("pictures", {
  extensions: [extensionFile(), packed(path.join(import.meta.dirname, "empty"))],
  machine: { "selfRefine.baseUrl": model.url },
  settings: {
    "workbench.activityBar.location": "default",
    "editor.fontSize": 15,
    "editor.renderWhitespace": "none",
    "editor.occurrencesHighlight": "off",
    "editor.lightbulb.enabled": "on",
    "workbench.layoutControl.enabled": false,
  },
});
const browser = await chromium();
let at;

async function opened(size, files = FILES, file = "note.md") {
  await at?.close();
  at = await workbench(browser, server, folder("notes", files));
  await at.page.setViewportSize(size);
  await at.open(file);
  await at.ready();
  await at.page
    .locator(".monaco-editor .squiggly-warning")
    .first()
    .waitFor()
    .catch(() => {});
}

async function picture(file) {
  // Where nothing has a hover.
  await at.page.mouse.move(600, at.page.viewportSize().height - 60);
  await at.page.waitForTimeout(700);
  await at.page.screenshot({ path: file });
}

const step = (name) => picture(path.join(STEPS, `${name}.png`));
const image = (name) => picture(path.join(IMAGES, `${name}.png`));

async function refined() {
  await at.selectLines(FIRST, LAST);
  await at.command("Self-Refine: Self-refine selection");
  await at.line("We use the new cache to answer faster.").waitFor();
  await at.page
    .locator(".codelens-decoration a", { hasText: /Self-refine: / })
    .first()
    .waitFor();
}

async function makeImages() {
  const page = { width: 1100, height: 560 };
  await opened(page);
  // What is said before the first request is said once; it is no part of the pictures.
  await refined();
  await at.press("Control+KeyZ");

  await opened(page);
  await at.selectLines(FIRST, LAST);
  await at.command("Self-Refine: Critique selection");
  const rows = await at.problems();
  await rows
    .filter({ hasText: /would not use this word/ })
    .first()
    .waitFor();
  await image("findings");

  await opened(page);
  await at.selectLines(FIRST, LAST);
  await at.press("Control+Shift+KeyR");
  await at.page.locator(".action-widget .monaco-list-row", { hasText: /Critique/ }).waitFor();
  await image("menu");

  await opened(page);
  await refined();
  await image("refined");
  await at.command("Self-Refine: Focus on Runs View");
  const row = (text) => at.page.locator(".pane-body .monaco-list-row", { hasText: text });
  await row(/Is there a word that a reader/)
    .first()
    .waitFor();
  await image("run");

  server.user({ "selfRefine.review": "hold" });
  await opened(page);
  await at.selectLines(FIRST, LAST);
  await at.command("Self-Refine: Self-refine selection");
  await at.page.locator(".tab.active", { hasText: /now ↔ refined/ }).waitFor();
  await at.page
    .locator(".monaco-diff-editor .modified .view-line", { hasText: /We\suse/ })
    .waitFor();
  await at.command("View: Toggle Primary Side Bar Visibility");
  await at.dismissToasts();
  await image("hold");
  server.user({});
}

async function makeSteps() {
  const small = { width: 900, height: 520 };
  await opened(small, FILES, "notes.criteria.md");
  await at.command("View: Toggle Primary Side Bar Visibility");
  await step("criteria");

  server.machine({ "selfRefine.baseUrl": "" });
  await opened(small);
  await at.command("View: Toggle Primary Side Bar Visibility");
  await at.command("Self-Refine: Open the example text");
  await at.page.locator(".view-line", { hasText: /Dear\sMarta/ }).waitFor();
  await step("open");
  await at.command("Self-Refine: Refine the example text");
  await at.page
    .locator(".codelens-decoration a", { hasText: /Self-refine: / })
    .first()
    .waitFor();
  await at.dismissToasts();
  await step("refine");
}

async function makeSettings() {
  server.machine({ "selfRefine.baseUrl": "" });
  await opened({ width: 900, height: 520 });
  await at.command("View: Toggle Primary Side Bar Visibility");
  await at.command("Preferences: Open Settings (UI)");
  await at.page.locator(".settings-editor .search-container .view-lines").first().click();
  await at.page.keyboard.type("@ext:self-refine.self-refine");
  // What only the user may set belongs to the machine, here the one that the workbench is served by.
  await at.page.locator(".settings-tabs-widget .action-label", { hasText: /Remote/ }).click();
  await at.page.locator(".settings-toc-entry", { hasText: /^Model/ }).click();
  await at.page
    .locator(".setting-item-label", { hasText: /Base Url/ })
    .first()
    .waitFor();
  await step("model");
}

async function measureActivation() {
  const times = { extension: [], empty: [] };
  for (let count = 0; count < 5; count++) {
    await opened({ width: 1280, height: 2000 });
    await at.command("Developer: Show Running Extensions");
    for (const [key, name] of [
      ["extension", /^Self-Refine/],
      ["empty", /^empty/],
    ]) {
      const line = at.page.locator(".runtime-extensions-editor .extension", {
        has: at.page.locator(".name", { hasText: name }),
      });
      await line.first().waitFor();
      const found = /Activation:\s*(\d+)\s*ms/.exec(await line.first().innerText());
      if (found) times[key].push(Number(found[1]));
    }
  }
  const middle = (list) => list.sort((one, other) => one - other)[Math.floor(list.length / 2)];
  const figures = {
    milliseconds: middle(times.extension),
    emptyMilliseconds: middle(times.empty),
    all: times,
  };
  fs.writeFileSync(path.join(BUILD, "activation.json"), JSON.stringify(figures));
  console.log(JSON.stringify(figures));
}

try {
  const wanted = process.argv.slice(2);
  const parts = {
    images: makeImages,
    steps: makeSteps,
    settings: makeSettings,
    activation: measureActivation,
  };
  for (const [name, make] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await make();
  }
} catch (error) {
  await at?.shot("pictures failed");
  throw error;
} finally {
  await browser.close();
  await server.close();
  await model.close();
}
