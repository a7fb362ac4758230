// Runs the tests of in-host/index.js in the extension host of the real workbench, and reports each.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";

import {
  BUILD,
  ROOT,
  chromium,
  folder,
  offlinePage,
  packed,
  scripted,
  vscode,
} from "./harness.mjs";
import { CELLS, FILES, NOTE, REFINED, RULE } from "./texts.mjs";

const HERE = path.join(import.meta.dirname, "in-host");
const RESULTS = path.join(BUILD, "in-host.json");
const KEY = "a-key-of-the-tests";
/** Milliseconds for all of them. */
const PATIENCE_MS = 600_000;

const names = [...fs.readFileSync(path.join(HERE, "index.js"), "utf8").matchAll(/^test\("(.*)"/gm)];

let results = [];
let said = "";

before(
  async () => {
    fs.rmSync(RESULTS, { force: true });
    const model = await scripted({ rule: RULE, key: KEY });
    const server = await vscode("in-host", {
      extensions: [packed(HERE)],
      settings: { "chat.disableAIFeatures": false },
      // Most tests refine the same text, and look at what the model is asked: nothing is kept.
      machine: { "selfRefine.cache": false },
      environment: {
        SMOKE: "1",
        IN_HOST_RESULTS: RESULTS,
        IN_HOST_TEXTS: JSON.stringify({ NOTE, REFINED }),
        IN_HOST_MODEL: model.url,
        IN_HOST_KEY: KEY,
        IN_HOST_SERVER: path.join(ROOT, ".venv", "bin", "self-refine"),
        ...(process.env.IN_HOST_ONLY ? { IN_HOST_ONLY: process.env.IN_HOST_ONLY } : {}),
      },
    });
    const browser = await chromium();
    try {
      await run(browser, server);
    } finally {
      said = server.logs();
      fs.writeFileSync(path.join(BUILD, "in-host.log"), said);
      server.keepEnvironment();
      await browser.close();
      await server.close();
      await model.close();
    }
    if (fs.existsSync(RESULTS)) results = JSON.parse(fs.readFileSync(RESULTS, "utf8"));
  },
  { timeout: PATIENCE_MS + 60_000 },
);

/** Open a window that runs the tests; it says by itself when they are over. */
async function run(browser, server) {
  const page = await offlinePage(browser);
  const remote = (file) => `vscode-remote://${new URL(server.url).host}${file}`;
  let over;
  const exit = new Promise((resolve) => {
    over = resolve;
  });
  await page.exposeFunction("codeAutomationLog", () => {});
  await page.exposeFunction("codeAutomationExit", over);
  const payload = [
    ["extensionDevelopmentPath", remote(path.join(ROOT, "client-vscode"))],
    ["extensionTestsPath", remote(path.join(HERE, "index.js"))],
    ["skipWelcome", "true"],
  ];
  const root = folder("in-host", { ...FILES, "criteria/cells.criteria.md": CELLS });
  const query = new URLSearchParams({ folder: root, payload: JSON.stringify(payload) });
  await page.goto(`${server.url}/?${query}`);
  await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
  await page.screenshot({ path: path.join(BUILD, "in-host.png") }).catch(() => {});
}

after(() => {
  if (results.length === 0) console.error(`No test ran. The log of the extension:\n${said}`);
});

describe("in the extension host", () => {
  for (const [, name] of names) {
    if (process.env.IN_HOST_ONLY && !name.includes(process.env.IN_HOST_ONLY)) continue;
    test(name, () => {
      const result = results.find((each) => each.name === name);
      assert.ok(result, "it did not run");
      assert.equal(result.error, "");
    });
  }
  test("a server that gives way to another one leaves no error in the log", () => {
    assert.doesNotMatch(said, /Sending notification .* failed/);
  });
  test("every test of a table passed as well", () => {
    const known = new Set(names.map(([, name]) => name));
    const failed = results.filter(({ name, error }) => !known.has(name) && error);
    assert.deepEqual(failed, []);
  });
});
