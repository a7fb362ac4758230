// The main job in the real workbench, as a user sees it: what is clicked, what is shown, what is on
// the disk. The extension is the package that users install; the model is scripted.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";

import {
  chromium,
  extensionFile,
  folder,
  listener,
  scripted,
  until,
  vscode,
  workbench,
} from "./harness.mjs";
import { CRITERIA, FILES, FIRST, LAST, NOTE, REFINED, RULE } from "./texts.mjs";

let model;
let slow;
let server;
let browser;
let at;

before(async () => {
  model = await scripted({ rule: RULE });
  slow = await scripted({ rule: RULE, seconds_per_token: 0.05 });
  server = await vscode("page", {
    extensions: [extensionFile()],
    machine: { "selfRefine.baseUrl": model.url },
  });
  browser = await chromium();
});

after(async () => {
  server?.keepEnvironment();
  await browser?.close();
  await server?.close();
  await model?.close();
  await slow?.close();
});

beforeEach(() => {
  server.user({});
  server.machine({});
});

afterEach(async (context) => {
  // What it looked like where a test has failed.
  if (at !== undefined)
    await at.shot(`end of ${context.name}`.replace(/[^\w ]/g, "")).catch(() => {});
  await at?.close();
  at = undefined;
});

/** A window on a folder with a text and criteria, in which the server runs. */
async function opened(name, files = FILES, file = "note.md") {
  at = await workbench(browser, server, folder(name, files));
  await at.open(file);
  await at.ready();
  return at;
}

/** Start a run on the lines that need it, from the refactor menu. */
async function refine() {
  await at.selectLines(FIRST, LAST);
  await at.choose("Self-refine selection", "Control+Shift+KeyR");
}

test("checks underline while typing, with rows in the Problems panel and a hover", async () => {
  await opened("live");
  const squiggle = at.page.locator(".monaco-editor .squiggly-warning");
  await squiggle.first().waitFor();
  const rows = await at.problems();
  await rows.filter({ hasText: "in order to" }).first().waitFor();
  await rows
    .filter({ hasText: /notes\/stock-phrase/ })
    .first()
    .waitFor();
  await at.shot("problems");

  await at.line("We leverage").click();
  await at.press("Home");
  for (let step = 0; step < 30; step++) await at.press("ArrowRight");
  await at.press("Control+KeyK", "Control+KeyI");
  await at.page
    .locator(".monaco-hover", { hasText: /is long for/ })
    .first()
    .waitFor();
  // The server's own hover, not the diagnostic alone.
  await at.page
    .locator(".monaco-hover", {
      hasText: /Quoted:.*in order to.*Asked for by/s,
    })
    .first()
    .waitFor();
  await at.shot("hover");
});

test("the refactor menu refines the selection; one undo takes all of it back", async () => {
  await opened("refine");
  await at.selectLines(FIRST, LAST);
  await at.press("Control+Shift+KeyR");
  await at.page
    .locator(".action-widget .monaco-list-row", {
      hasText: /Critique selection/,
    })
    .waitFor();
  await at.shot("menu");
  await at.choose("Self-refine selection");
  await at.line("We use the new cache to answer faster.").waitFor();
  await at.saved("note.md", REFINED);
  await at.page
    .locator(".statusbar-item", { hasText: /changes? · .* resolved/ })
    .first()
    .waitFor();

  await at.focusEditor();
  await at.press("Control+KeyZ");
  await at.line("We leverage the new cache").waitFor();
  await at.saved("note.md", NOTE);
});

test("progress is a notification that can be cancelled, and the text stays as it was", async () => {
  server.machine({ "selfRefine.baseUrl": slow.url });
  await opened("cancel");
  await refine();
  const progress = at.page.locator(".notifications-toasts .notification-list-item", {
    hasText: /pass 1 of 3 · critique/,
  });
  await progress.waitFor();
  await at.shot("progress");
  await progress.hover();
  await progress.locator(".monaco-button", { hasText: /Cancel/ }).click();
  await progress.waitFor({ state: "hidden" });
  await at.page
    .locator(".statusbar-item", { hasText: /cancelled/ })
    .first()
    .waitFor();
  await at.onDisk("note.md", NOTE);
  assert.ok(!(await at.page.locator(".tab.dirty").count()), "the text was touched");
});

test("in hold mode the difference opens beside the text, and nothing changes until it is accepted", async () => {
  server.user({ "selfRefine.review": "hold" });
  await opened("hold");
  await refine();
  await at.page.locator(".tab.active", { hasText: /now ↔ refined/ }).waitFor();
  const refined = at.page.locator(".monaco-diff-editor .modified .view-line", {
    hasText: /We\suse/,
  });
  await refined.waitFor();
  await at.shot("hold");
  await at.onDisk("note.md", NOTE);
  await at.page.locator('.editor-actions a[aria-label^="Accept"]').click();
  await at.page.locator(".tab", { hasText: /now ↔ refined/ }).waitFor({ state: "detached" });
  await at.line("We use the new cache to answer faster.").waitFor();
  await at.saved("note.md", REFINED);
});

test("a held result that is discarded leaves nothing behind", async () => {
  server.user({ "selfRefine.review": "hold" });
  await opened("discard");
  await refine();
  await at.page.locator(".tab.active", { hasText: /now ↔ refined/ }).waitFor();
  await at.page.locator('.editor-actions a[aria-label^="Discard"]').click();
  await at.page.locator(".tab", { hasText: /now ↔ refined/ }).waitFor({ state: "detached" });
  await at.line("We leverage the new cache").waitFor();
  await at.onDisk("note.md", NOTE);
});

test("the view lists the run with its passes, findings and changes, and its trace opens", async () => {
  await opened("tree");
  await refine();
  await at.line("We use the new cache to answer faster.").waitFor();
  await at.command("Self-Refine: Focus on Runs View");
  const row = (text) => at.page.locator(".pane-body .monaco-list-row", { hasText: text });
  await row(/note\.md:3/).waitFor();
  // The checklist and the changes are open, the passes are folded.
  await row(/Criteria/).waitFor();
  await row(/Is there a word that a reader/).waitFor();
  await row(/“leverage/).waitFor();
  assert.equal(await row(/Original text/).count(), 0);
  await row(/Passes/)
    .locator(".monaco-tl-twistie")
    .click();
  await row(/Original text/).waitFor();
  await at.shot("tree");
  await at.command("Self-Refine: Show trace of a run");
  await at.page.locator(".tab", { hasText: /Trace\.md/ }).waitFor();
  const trace = at.rendered();
  await trace.locator("h1", { hasText: "The trace of a run" }).waitFor();
  await trace
    .locator("td", { hasText: /notes\/plain-words/ })
    .first()
    .waitFor();
  await at.shot("trace");
});

test("criteria and an instruction are asked for, what applies first", async () => {
  await opened("with");
  await at.selectLines(FIRST, LAST);
  await at.command("Self-Refine: Self-refine selection with …");
  const rows = at.page.locator(".quick-input-list .monaco-list-row");
  await rows.filter({ hasText: /this workspace/ }).waitFor();
  assert.match(await rows.first().innerText(), /Release notes.*this workspace · for this text/s);
  await at.shot("pick");
  await at.press("Enter");
  await at.page.locator(".quick-input-widget", { hasText: /What else do you want/ }).waitFor();
  await at.page.keyboard.type("for customers");
  await at.press("Enter");
  await at.line("We use the new cache to answer faster.").waitFor();
  await at.command("Self-Refine: Show trace of a run");
  const asked = /Instruction:\sfor\scustomers/;
  await at.rendered().locator("p", { hasText: asked }).first().waitFor();
});

test("its key, the item in the status bar and the context menu start a run as well", async () => {
  await opened("gestures");
  const again = async () => {
    await at.line("We use the new cache to answer faster.").waitFor();
    await at.focusEditor();
    await at.press("Control+KeyZ");
    await at.line("We leverage the new cache").waitFor();
    await at.selectLines(FIRST, LAST);
  };
  await at.selectLines(FIRST, LAST);
  await at.press("Alt+KeyQ");
  await again();
  // Not the item that says what came of a run.
  await at.page.locator(".statusbar-item", { hasText: /^\s*Self-Refine\s*$/ }).click();
  await again();
  await at.press("Shift+F10");
  const item = (title) => at.page.locator(".monaco-menu .action-item", { hasText: title });
  await item("Self-refine selection with …").waitFor();
  await item("Critique selection").waitFor();
  await at.shot("context menu");
  await item(/^Self-refine selection(?! with)/).click();
  await at.line("We use the new cache to answer faster.").waitFor();
  await at.saved("note.md", REFINED);
});

test("a critique leaves the text alone; a finding is dismissed and is not shown again", async () => {
  await opened("dismiss");
  await at.selectLines(FIRST, LAST);
  await at.command("Self-Refine: Critique selection");
  const rows = await at.problems();
  await rows
    .filter({ hasText: /would not use this word/ })
    .first()
    .waitFor();
  await at.shot("critique");
  await at.onDisk("note.md", NOTE);
  await at.line("The team will utilise").click();
  await at.press("Home");
  for (let step = 0; step < 16; step++) await at.press("ArrowRight");
  const utilise = rows.filter({ hasText: /would not use this word/ });
  const count = await utilise.count();
  await at.press("Control+Period");
  await at.choose("Dismiss");
  const answer = at.toast(/Dismiss|why|reason/i).first();
  await answer.waitFor({ timeout: 5000 }).then(
    () => answer.locator(".monaco-button").first().click(),
    () => undefined,
  );
  for (let step = 0; step < 100 && (await utilise.count()) === count; step++) {
    await at.page.waitForTimeout(100);
  }
  assert.equal(await utilise.count(), count - 1);
});

test("a broken criteria file says what is wrong in its own line", async () => {
  const broken = CRITERIA.replace("kind: words", "kind: wrods");
  await opened(
    "broken",
    { "note.md": NOTE, "criteria/notes.criteria.md": broken },
    "notes.criteria.md",
  );
  await at.page.locator(".monaco-editor .squiggly-error").first().waitFor();
  const rows = await at.problems();
  await rows.filter({ hasText: /wrods/ }).first().waitFor();
  await at.shot("broken");
});

test("snippets write a criteria file that has no problem", async () => {
  await opened("snippets", { ...FILES, "criteria/new.criteria.md": "\n" }, "new.criteria.md");
  await at.focusEditor();
  await at.command("Insert Snippet");
  await at.page.locator(".quick-input-widget input[type=text]").fill("criteria-file");
  await at.page
    .locator(".quick-input-list .monaco-list-row.focused", {
      hasText: /criteria/,
    })
    .waitFor();
  await at.press("Enter");
  await at.line("criteria: 1").waitFor();
  await at.press("Escape");
  await at.press("Control+KeyS");
  // A word that is wrong shows that the file has been read; mended, nothing is left.
  await at.onDiskMatches("criteria/new.criteria.md", /kind: words/);
  const rows = await at.problems();
  await at.line("kind: words").dblclick();
  await at.press("End");
  await at.page.keyboard.type("x");
  await rows
    .filter({ hasText: /wordsx/ })
    .first()
    .waitFor();
  await at.press("Backspace");
  await rows
    .filter({ hasText: /wordsx/ })
    .first()
    .waitFor({ state: "detached" });
  assert.deepEqual(await rows.allInnerTexts(), []);
  await at.shot("snippets");
});

test("the walkthrough ends with a refined text, without any model or key", async () => {
  server.machine({ "selfRefine.baseUrl": "" });
  await opened("walkthrough");
  await at.command("Self-Refine: Get started");
  const step = (title) => at.page.locator(".getting-started-step", { hasText: title });
  await step(/Open a text/).waitFor();
  await at.shot("walkthrough");
  await step(/Refine it/).click();
  await at.page
    .locator(".getting-started-step .monaco-button", {
      hasText: /Refine the example text/,
    })
    .click();
  await at.page
    .locator(".view-line", { hasText: /The\smigration\sof\sthe\sinvoice/ })
    .first()
    .waitFor();
  await at.shot("example refined");
});

test("a workspace's settings choose neither endpoint nor program; the log says what is ignored", async () => {
  const trap = await listener();
  const evil = {
    "selfRefine.baseUrl": trap.url,
    "selfRefine.serverPath": "/bin/false",
  };
  try {
    await opened("settings", {
      ...FILES,
      ".vscode/settings.json": JSON.stringify(evil),
    });
    await refine();
    await at.line("We use the new cache to answer faster.").waitFor();
    await until("the log says so", () =>
      /selfRefine\.baseUrl, selfRefine\.serverPath: ignored in this workspace/.test(server.logs()),
    );
    assert.equal(trap.connections(), 0);
  } finally {
    await trap.close();
  }
});

test("modules of the repository are never imported by the server", async () => {
  const marker = "open(__file__ + '.ran', 'w').close()\n";
  const names = [
    "openai.py",
    "secrets.py",
    "sitecustomize.py",
    "pygls/__init__.py",
    "self_refine.py",
  ];
  await opened("imports", {
    ...FILES,
    ...Object.fromEntries(names.map((name) => [name, marker])),
  });
  await refine();
  await at.line("We use the new cache to answer faster.").waitFor();
  const ran = fs.readdirSync(at.root, { recursive: true }).filter((name) => name.endsWith(".ran"));
  assert.deepEqual(ran, []);
});
