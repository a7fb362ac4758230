// A session of thirty steps, as a user plays it in the real workbench: each step says what must be seen,
// and leaves a screenshot in build/vscode-tests/session/THEME. `review.test.mjs` plays it as tests;
//   node tests/editors/vscode/session.mjs [dark] [light] [contrast]
// plays it to look at.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";

import { BUILD, chromium, extensionFile, folder, scripted, vscode, workbench } from "./harness.mjs";
import { CRITERIA, NOTE, RULE } from "./texts.mjs";

export const THEMES = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  contrast: "Default High Contrast",
};

const OTHER = CRITERIA.replace("id: notes", "id: letters")
  .replace("title: Release notes", "title: Letters")
  .replace('"*.md"', '"letters/**"');

const LONG = `${NOTE}
We utilise a queue in order to leverage the disk.
`;

const FILES = {
  "note.md": LONG,
  "criteria/notes.criteria.md": CRITERIA,
  "criteria/letters.criteria.md": OTHER,
};

/** Words of LONG once they are refined. */
const FIRST_LINE = "We use the new cache to answer faster.";
const SECOND_LINE = "The team will open the archive on Monday.";

/** Everything that a step works with. */
export async function begin(theme) {
  const model = await scripted({ rule: RULE });
  const slow = await scripted({ rule: RULE, seconds_per_token: 2 });
  const settings = {
    "workbench.colorTheme": THEMES[theme],
    "window.autoDetectHighContrast": false,
  };
  const server = await vscode(`session-${theme}`, {
    extensions: [extensionFile()],
    machine: { "selfRefine.baseUrl": slow.url },
    settings,
  });
  const browser = await chromium();
  const root = folder(`session-${theme}`, FILES);
  const at = await workbench(browser, server, root);
  const end = async () => {
    server.keepEnvironment();
    await browser.close();
    for (const each of [server, model, slow]) await each.close();
  };
  return { theme, server, browser, at, root, model, slow, end };
}

const rowOf = (at, text) => at.page.locator(".pane-body .monaco-list-row", { hasText: text });
const status = (at, text) => at.page.locator(".statusbar-item", { hasText: text }).first();
const list = (at, text) => at.page.locator(".quick-input-list .monaco-list-row", { hasText: text });

/** The old words that are drawn in front of new ones, with the line through them. */
async function ghosts(at) {
  const found = await at.editor.locator(".view-line span").evaluateAll((spans) =>
    spans.map((span) => {
      const { content, textDecorationLine } = getComputedStyle(span, "::before");
      return content !== "none" && content !== '""'
        ? [content.slice(1, -1), textDecorationLine]
        : null;
    }),
  );
  return found.filter(Boolean).map(([words, line]) => [words.replace(/\u00a0/g, " "), line]);
}

/** Marks in the gutter. */
const marks = (at) => at.editor.locator(".glyph-margin-widgets .cgmr[class*='ced-']");

async function seesGhosts(at, expected) {
  for (let times = 0; times < 100; times++) {
    const words = (await ghosts(at)).map(([word]) => word.trim());
    if (JSON.stringify(words) === JSON.stringify(expected)) return;
    await at.page.waitForTimeout(100);
  }
  assert.deepEqual(
    (await ghosts(at)).map(([word]) => word.trim()),
    expected,
  );
}

/**
 * Write settings, and wait until VS Code has read them: it then shows line numbers, or none.
 * Those of the machine: the workbench in a browser does not watch the file of the user's.
 */
async function takes(at, server, model, settings) {
  server.machine({ "selfRefine.baseUrl": model.url, ...settings });
  const state = settings["editor.lineNumbers"] === "on" ? "attached" : "detached";
  await at.editor.locator(".line-numbers").first().waitFor({ state });
}

async function startOnAll(at) {
  await at.selectLines(3, 9);
  await at.press("Alt+KeyQ");
}

async function refinedAll(at) {
  await startOnAll(at);
  await at.line(FIRST_LINE).waitFor();
  await at.line(SECOND_LINE).waitFor();
}

const ALL_OLD = ["leverage", "in order", "utilise", "utilise", "in order to leverage"];

/** Name, and what is done and seen. */
export const STEPS = [
  [
    "a text that is opened is checked: words are underlined, one row for each finding",
    async ({ at }) => {
      await at.open("note.md");
      await at.ready();
      await at.page.locator(".monaco-editor .squiggly-warning").first().waitFor();
      const rows = await at.problems();
      await rows
        .filter({ hasText: /stock-phrase/ })
        .first()
        .waitFor();
      assert.equal(await rows.filter({ hasText: /stock-phrase/ }).count(), 2);
    },
  ],
  [
    "a finding's hover says what was asked and what is wrong",
    async ({ at }) => {
      await at.press("Control+Shift+KeyM");
      await at.line("We leverage").click();
      await at.press("Home");
      for (let step = 0; step < 30; step++) await at.press("ArrowRight");
      await at.press("Control+KeyK", "Control+KeyI");
      await at.page
        .locator(".monaco-hover", { hasText: /is long for/ })
        .first()
        .waitFor();
    },
  ],
  [
    "with a selection the status bar offers a run",
    async ({ at }) => {
      await at.press("Escape");
      await at.selectLines(3, 9);
      await status(at, /^\s*Self-Refine\s*$/).waitFor();
    },
  ],
  [
    "the refactor menu has at most seven entries of ours",
    async ({ at }) => {
      await at.press("Control+Shift+KeyR");
      const rows = at.page.locator(".action-widget .monaco-list-row");
      await rows.filter({ hasText: /Critique selection/ }).waitFor();
      const ours = (await rows.allInnerTexts()).filter((text) => /refine|critique/i.test(text));
      assert.ok(ours.length <= 7, ours.join("; "));
    },
  ],
  [
    "the context menu has them too",
    async ({ at }) => {
      await at.press("Escape");
      await at.selectLines(3, 9);
      await at.press("Shift+F10");
      await at.page
        .locator(".monaco-menu .action-item", { hasText: "Critique selection" })
        .waitFor();
    },
  ],
  [
    "a run begins by its key; the text under work is marked, and the notification names file and line",
    async ({ at }) => {
      await at.press("Escape");
      await startOnAll(at);
      await marks(at).first().waitFor();
      await at
        .toast(/note\.md:3/)
        .first()
        .waitFor();
    },
  ],
  [
    "the title bar and the status bar cancel as well, whatever becomes of the notification",
    async ({ at }) => {
      await at.page.locator(".editor-actions .action-label", { hasText: /^Cancel run$/ }).waitFor();
      await status(at, /Self-Refine: pass 1/).waitFor();
    },
  ],
  [
    "the run is cancelled by its key; the text is as it was, and no mark stays",
    async ({ at, server, model }) => {
      await at.press("Alt+KeyX");
      await marks(at).first().waitFor({ state: "detached" });
      await at.onDisk("note.md", LONG);
      server.machine({ "selfRefine.baseUrl": model.url });
      await at.page.waitForTimeout(1000);
    },
  ],
  [
    "a run lands; the selection gives way to the changes",
    async ({ at }) => {
      await refinedAll(at);
      await at.page
        .locator(".statusbar-item", { hasText: /selected\)/ })
        .waitFor({ state: "detached" });
    },
  ],
  [
    "old words stand struck through in front of the new ones",
    async ({ at }) => {
      await seesGhosts(at, ALL_OLD);
      assert.ok((await ghosts(at)).every(([, line]) => line === "line-through"));
    },
  ],
  [
    "each changed line has a mark in the gutter",
    async ({ at }) => {
      await marks(at).first().waitFor();
      assert.equal(await marks(at).count(), 3);
    },
  ],
  [
    "the title of the editor has words: Keep all, Revert all",
    async ({ at }) => {
      const button = (text) => at.page.locator(".editor-actions .action-label", { hasText: text });
      await button(/^Keep all$/).waitFor();
      await button(/^Revert all$/).waitFor();
    },
  ],
  [
    "the next change is reached by its key, and said",
    async ({ at }) => {
      await at.press("Control+Home", "Alt+KeyJ");
      await status(at, /Change 1 of 3/).waitFor();
      await at.press("Alt+KeyJ");
      await status(at, /Change 2 of 3/).waitFor();
    },
  ],
  [
    "so is the previous one",
    async ({ at }) => {
      await at.press("Shift+Alt+KeyJ");
      await status(at, /Change 1 of 3/).waitFor();
    },
  ],
  [
    "there is one lens a line; it opens a list with both answers and why",
    async ({ at }) => {
      const lenses = at.page.locator(".codelens-decoration a");
      await lenses.first().waitFor();
      assert.equal(await lenses.count(), 3);
      await lenses.first().click();
      await list(at, /Keep/).first().waitFor();
      await list(at, /Revert/)
        .first()
        .waitFor();
      await list(at, /Why\?/).first().waitFor();
    },
  ],
  [
    "Escape leaves everything as it is",
    async ({ at }) => {
      await at.press("Escape");
      await at.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
      await seesGhosts(at, ALL_OLD);
    },
  ],
  [
    "a hover of a change has the old words and the answers",
    async ({ at }) => {
      await at.focusEditor();
      await at.press("Control+Home", "Alt+KeyJ");
      await status(at, /Ln 3, Col/).waitFor();
      await at.press("Control+KeyK", "Control+KeyI");
      const hover = at.page.locator(".monaco-hover", {
        hasText: /Keep · Revert · Why\?/,
      });
      await hover.first().waitFor();
    },
  ],
  [
    "why? opens beside the text, which keeps the focus",
    async ({ at }) => {
      await at.press("Escape", "Alt+KeyI");
      await at.page.locator(".tab", { hasText: /Explanation\.md/ }).waitFor();
      await at.line(FIRST_LINE).waitFor();
      await at.page
        .locator(".tab.active", { hasText: /note\.md/ })
        .first()
        .waitFor();
      await at.page.locator(".monaco-editor.focused").first().waitFor();
    },
  ],
  [
    "a change is kept by its key; its marks go, and the next one is in front",
    async ({ at }) => {
      await at.press("Alt+KeyY");
      await status(at, /Kept\. 2 changes are left/).waitFor();
      await seesGhosts(at, ALL_OLD.slice(2));
    },
  ],
  [
    "a change is reverted by its key: the whole sentence is as it was",
    async ({ at }) => {
      await at.press("Alt+KeyU");
      await at.line("The team will utilise the archive on Monday.").waitFor();
      await status(at, /Reverted\. 1 change is left/).waitFor();
      await seesGhosts(at, ALL_OLD.slice(3));
    },
  ],
  [
    "undo brings the reverted change back, with its marks",
    async ({ at }) => {
      await at.press("Control+KeyZ");
      await at.line(SECOND_LINE).waitFor();
      await seesGhosts(at, ALL_OLD.slice(2));
    },
  ],
  [
    "keep all by its key: nothing is marked any more",
    async ({ at }) => {
      await at.press("Shift+Alt+KeyY");
      await seesGhosts(at, []);
      await marks(at).first().waitFor({ state: "detached" });
      await at.page
        .locator(".editor-actions .action-label", { hasText: /^Keep all$/ })
        .waitFor({ state: "detached" });
    },
  ],
  [
    "the view shows the run: verdict, then the checklist, open; the passes are folded",
    async ({ at }) => {
      await at.command("Self-Refine: Focus on Runs View");
      await rowOf(at, /note\.md:3/)
        .first()
        .waitFor();
      await rowOf(at, /Criteria/)
        .first()
        .waitFor();
      await rowOf(at, /Is there a word that a reader/)
        .first()
        .waitFor();
      await rowOf(at, /Passes/)
        .first()
        .waitFor();
      assert.equal(await rowOf(at, /Original text/).count(), 0);
    },
  ],
  [
    "its rows say their state in words, for screen readers too",
    async ({ at }) => {
      const label = await rowOf(at, /Is there a word that a reader/)
        .first()
        .getAttribute("aria-label");
      assert.match(label, /^passes: /);
    },
  ],
  [
    "a trace opens beside",
    async ({ at }) => {
      await at.command("Self-Refine: Show trace of a run");
      await at.page.locator(".tab", { hasText: /Trace\.md/ }).waitFor();
    },
  ],
  [
    "the list of criteria says why it opened and what was left out; what fits is ticked",
    async ({ at }) => {
      await at.command("View: Show Explorer");
      await at.open("note.md");
      await at.focusEditor();
      await at.press("Control+KeyA", "Shift+Alt+KeyQ");
      await list(at, /Release notes/)
        .first()
        .waitFor();
      await at.page
        .locator(".quick-input-widget", {
          hasText: /What is for this text is ticked; 1 other/,
        })
        .waitFor();
      const ticked = list(at, /Release notes/)
        .first()
        .locator("[aria-checked=true], input:checked");
      assert.ok((await ticked.count()) > 0);
    },
  ],
  [
    "Enter takes what is ticked; an instruction is asked for",
    async ({ at }) => {
      await at.press("Enter");
      await at.page.locator(".quick-input-widget", { hasText: /What else do you want/ }).waitFor();
      await at.press("Escape");
    },
  ],
  [
    "in hold mode the difference opens, with Accept and Discard as words; Discard leaves the text",
    async ({ at, server, model }) => {
      await takes(at, server, model, {
        "selfRefine.review": "hold",
        "editor.lineNumbers": "off",
      });
      await at.focusEditor();
      await at.press("Control+KeyA");
      await at.page.keyboard.type("We leverage it.\n");
      await at.selectLines(1, 1);
      await at.press("Alt+KeyQ");
      await at.page.locator(".tab.active", { hasText: /now ↔ refined/ }).waitFor();
      const button = (text) => at.page.locator(".editor-actions .action-label", { hasText: text });
      await button(/^Accept$/).waitFor();
      await button(/^Discard$/).waitFor();
    },
    async ({ at }) => {
      await at.page.locator('.editor-actions a[aria-label^="Discard"]').click();
      await at.page.locator(".tab", { hasText: /now ↔ refined/ }).waitFor({ state: "detached" });
      await at.line("We leverage it.").waitFor();
    },
  ],
  [
    "without a selection the paragraph at the cursor is taken",
    async ({ at, server, model }) => {
      await takes(at, server, model, { "editor.lineNumbers": "on" });
      await at.focusEditor();
      await at.press("Control+Home", "Alt+KeyQ");
      await at.line("We use it.").waitFor();
      await seesGhosts(at, ["leverage"]);
    },
  ],
  [
    "after the window is loaded again the run is back, with its change",
    async ({ at }) => {
      await at.press("Control+KeyS");
      await at.onDisk("note.md", "We use it.\n");
      await at.page.reload({ waitUntil: "domcontentloaded" });
      await at.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
      await at.open("note.md");
      await at.ready();
      await seesGhosts(at, ["leverage"]);
    },
  ],
];

const shots = (theme) => path.join(BUILD, "session", theme);

/** Play one step, and leave its screenshot (before what follows the picture). */
export async function play(session, number) {
  const [, work, after] = STEPS[number];
  const { at, theme, server } = session;
  server.theme = THEMES[theme];
  fs.mkdirSync(shots(theme), { recursive: true });
  const name = `${String(number + 1).padStart(2, "0")}.png`;
  try {
    await work(session);
  } finally {
    await at.page.mouse.move(700, 760);
    await at.page.waitForTimeout(300);
    await at.page.screenshot({ path: path.join(shots(theme), name) });
  }
  await after?.(session);
}

async function look(theme) {
  const session = await begin(theme);
  let failures = 0;
  try {
    for (let number = 0; number < STEPS.length; number++) {
      const [name] = STEPS[number];
      const failed = await play(session, number).then(
        () => "",
        (error) => String(error).split("\n")[0],
      );
      console.log(`${theme} ${number + 1} ${failed ? `FAILED (${failed})` : "ok"}: ${name}`);
      if (!failed) continue;
      failures += 1;
      if (failures > 2) throw new Error("three steps failed: the others build on them");
      await session.at.press("Escape", "Escape");
    }
  } finally {
    await session.end();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const wanted = process.argv.slice(2);
  for (const theme of wanted.length > 0 ? wanted : ["dark", "light"]) await look(theme);
}
