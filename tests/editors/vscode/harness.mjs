// Owns what page tests need: a real VS Code workbench in headless Chromium, a scripted model server,
// folders to open, and words for what a user does. Everything lives under build/vscode-tests.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as net from "node:net";
import * as path from "node:path";
import { createInterface } from "node:readline";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const BUILD = path.join(ROOT, "build", "vscode-tests");
export const VSCODE = path.join(ROOT, "build", "vscode");
export const SHOTS = path.join(BUILD, "shots");

/** What the slowest step may take on a machine with other work; the first one starts everything. */
const PATIENCE_MS = 90_000;

const require = createRequire(path.join(VSCODE, "package.json"));

/** A package of an extension that only tests have. */
export function packed(place) {
  const file = path.join(BUILD, `${path.basename(place)}.vsix`);
  fs.mkdirSync(BUILD, { recursive: true });
  const vsce = path.join(ROOT, "client-vscode", "node_modules", ".bin", "vsce");
  const flags = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
  execFileSync(vsce, ["package", ...flags, "--out", file], { cwd: place, stdio: "pipe" });
  return file;
}

/** The package that users install. */
export function extensionFile() {
  const { version } = JSON.parse(
    fs.readFileSync(path.join(ROOT, "client-vscode", "package.json"), "utf8"),
  );
  return path.join(ROOT, "dist", `self-refine-${version}.vsix`);
}

/** A folder with these files, `{ "a/b.md": "text" }`. */
export function folder(name, files) {
  const root = path.join(BUILD, "folders", name);
  fs.rmSync(root, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    const full = path.join(root, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
  }
  // A repository of its own: this one ignores `build`, and what git ignores is not sent unasked.
  fs.mkdirSync(path.join(root, ".git"));
  return root;
}

/** Wait until something holds. */
export async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A port that nothing should speak to; it counts who does. */
export async function listener() {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => new Promise((resolve) => server.close(resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    connections: () => connections,
    close,
  };
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Ends a process that was started here, and those that it has started. */
function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const over = once(child, "exit");
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
  return over;
}

/** The scripted model server of tests/support, with `{ rule, answers, seconds_per_token, ... }`. */
export async function scripted(given) {
  const script = path.join(BUILD, `script-${Math.random().toString(36).slice(2)}.json`);
  fs.mkdirSync(BUILD, { recursive: true });
  fs.writeFileSync(script, JSON.stringify(given));
  const python = path.join(ROOT, ".venv", "bin", "python");
  const child = spawn(
    python,
    ["-m", "support.scripted", "--port", "0", "--script", script, "--until-eof"],
    { cwd: path.join(ROOT, "tests"), stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  const [port] = await once(createInterface({ input: child.stdout }), "line");
  return { url: `http://127.0.0.1:${port}/v1`, close: () => ended(child) };
}

/** Where the extension keeps the environment of its server. */
const STORAGE = "data/User/globalStorage/self-refine.self-refine";
const MADE = path.join(BUILD, "environments");

/** Save later servers the installation of the environment that this one has made. */
function keepEnvironment(state) {
  for (const name of listed(path.join(state, STORAGE))) {
    const kept = path.join(MADE, name);
    if (!/^server-\w+$/.test(name) || fs.existsSync(kept)) continue;
    fs.cpSync(path.join(state, STORAGE, name), kept, { recursive: true, verbatimSymlinks: true });
  }
}

const listed = (place) => (fs.existsSync(place) ? fs.readdirSync(place) : []);

/**
 * VS Code's server, with a state of its own.
 * `fresh`: the extension has not been started before; otherwise its environment is there already.
 */
export async function vscode(name, options = {}) {
  const {
    extensions = [],
    settings = {},
    machine = {},
    environment = {},
    home = {},
    fresh = false,
  } = options;
  const state = path.join(BUILD, "state", name);
  fs.rmSync(state, { recursive: true, force: true });
  const write = (file, value) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(value, null, 2));
  };
  const userFile = path.join(state, "data/User/settings.json");
  const machineFile = path.join(state, "data/Machine/settings.json");
  const base = {
    "workbench.startupEditor": "none",
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": false,
    "extensions.autoCheckUpdates": false,
    "update.mode": "none",
    "extensions.ignoreRecommendations": true,
    "editor.minimap.enabled": false,
    "editor.wordWrap": "on",
    "chat.disableAIFeatures": true,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.colorTheme": "Default Dark Modern",
    "git.enabled": false,
  };
  write(userFile, { ...base, ...settings });
  write(machineFile, machine);
  if (!fresh && fs.existsSync(MADE)) {
    fs.cpSync(MADE, path.join(state, STORAGE), { recursive: true, verbatimSymlinks: true });
  }

  fs.mkdirSync(path.join(state, "home"), { recursive: true });
  for (const [name, text] of Object.entries(home)) {
    fs.writeFileSync(path.join(state, "home", name), text);
  }

  const port = await freePort();
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(OPENAI_|SELF_REFINE|XDG_|PYTHON)/.test(key)),
  );
  const child = spawn(path.join(VSCODE, "serve"), [state, String(port), ...extensions], {
    detached: true,
    stdio: ["ignore", fs.openSync(path.join(state, "server.log"), "w"), "inherit"],
    env: {
      ...clean,
      HOME: path.join(state, "home"),
      XDG_CONFIG_HOME: path.join(state, "config"),
      XDG_STATE_HOME: path.join(state, "state"),
      ...environment,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 60_000;
  for (;;) {
    const answers = await fetch(`${url}/version`).then(
      (reply) => reply.ok,
      () => false,
    );
    if (answers) break;
    if (Date.now() > until) throw new Error(`VS Code does not answer; see ${state}/server.log`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    state,
    storage: path.join(state, STORAGE),
    keepEnvironment: () => keepEnvironment(state),
    user: (values) => write(userFile, { ...base, ...settings, ...values }),
    machine: (values) => write(machineFile, { ...machine, ...values }),
    logs: () => logsOf(path.join(state, "data", "logs")),
    close: () => ended(child),
  };
}

/** All that the extension has logged. */
function logsOf(root) {
  const found = fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("Self-Refine.log"));
  return found
    .sort()
    .map((file) => fs.readFileSync(path.join(root, file), "utf8"))
    .join("");
}

export async function chromium() {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(fs.existsSync);
  const flags =
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
  return require("playwright-core").chromium.launch({ executablePath, args: flags.split(" ") });
}

/** A page that reaches nothing but loopback. */
export async function offlinePage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  await context.route(
    (url) => url.protocol.startsWith("http") && !["127.0.0.1", "localhost"].includes(url.hostname),
    (route) => ownFrame(route) ?? route.abort(),
  );
  return context.newPage();
}

const FRAMES = path.join(
  VSCODE,
  "node_modules/code-server/lib/vscode/out/vs/workbench/contrib/webview/browser/pre",
);

/** The frames of views such as the Markdown preview have an origin of their own; they are here. */
function ownFrame(route) {
  const { hostname, pathname } = new URL(route.request().url());
  const file = path.join(FRAMES, path.basename(pathname));
  const known = hostname.endsWith(".vscode-cdn.net") && pathname.includes("/webview/browser/pre/");
  return known && fs.existsSync(file) ? route.fulfill({ path: file }) : undefined;
}

/** A browser window on a folder. */
export async function workbench(browser, server, root, query = "", options = {}) {
  const page = await offlinePage(browser, options);
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${server.url}/?folder=${encodeURIComponent(root)}${query}`, {
    waitUntil: "domcontentloaded",
  });
  await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
  return new Workbench(page, root);
}

const exactly = (text) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

/** What a user does and sees. */
export class Workbench {
  constructor(page, root) {
    this.page = page;
    this.root = root;
    this.editor = page.locator(".editor-instance .monaco-editor").first();
  }

  close() {
    return this.page.context().close();
  }

  async shot(name) {
    fs.mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Open a file of the folder; a name, not a path. */
  async open(name) {
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
    await this.press("Control+KeyP");
    await this.page.locator(".quick-input-widget input[type=text]").fill(name);
    await this.page
      .locator(".quick-input-list .monaco-list-row.focused", { hasText: name })
      .waitFor();
    await this.press("Enter");
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
    await this.editor.locator(".view-line").first().waitFor();
  }

  /** Run a command by its title. A palette that opened before a command was offered lists less. */
  async command(title) {
    const row = this.page.locator(".quick-input-list .monaco-list-row.focused", {
      hasText: exactly(title),
    });
    for (let again = 3; again > 0; again--) {
      await this.press("F1");
      await this.page.locator(".quick-input-widget input[type=text]").fill(`>${title}`);
      const there = row.waitFor({ timeout: 10_000 });
      if (
        await there.then(
          () => true,
          () => false,
        )
      )
        break;
      await this.press("Escape");
    }
    await row.waitFor();
    await this.press("Enter");
  }

  /** Wait until the server of the extension runs: its commands are offered from then on. */
  async ready() {
    const { page } = this;
    const until = Date.now() + 120_000;
    for (;;) {
      await this.press("F1");
      await page
        .locator(".quick-input-widget input[type=text]")
        .fill(">Self-Refine: Which criteria apply here?");
      const row = page.locator(".quick-input-list .monaco-list-row", {
        hasText: /Which criteria apply here/,
      });
      const found = await row
        .first()
        .waitFor({ timeout: 1500 })
        .then(
          () => true,
          () => false,
        );
      await this.press("Escape");
      if (found) return;
      if (Date.now() > until) throw new Error("The server of the extension did not start");
    }
  }

  /** What the view in front renders, such as the Markdown preview. */
  rendered() {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  line(text) {
    // View lines hold no-break spaces where the text has blanks.
    return this.editor.locator(".view-line", {
      hasText: new RegExp(
        text
          .split(" ")
          .map((word) => exactly(word).source)
          .join("\\s"),
      ),
    });
  }

  async focusEditor() {
    await this.editor.locator(".view-line").first().click();
  }

  /** Select whole lines, counted from 1, both included, without the last line break. */
  async selectLines(first, last) {
    await this.focusEditor();
    await this.press("Control+Home");
    for (let at = 1; at < first; at++) await this.press("ArrowDown");
    await this.press("Home");
    for (let at = first; at < last; at++) await this.press("Shift+ArrowDown");
    await this.press("Shift+End");
    await this.page.locator(".statusbar-item", { hasText: /selected\)/ }).waitFor();
  }

  /**
   * Choose a row of an action menu, by keyboard: menus swallow mouse clicks.
   * A menu that opened before the server had answered lists less; it is opened again by `key`.
   */
  async choose(title, key) {
    const row = this.page.locator(".action-widget .monaco-list-row", { hasText: exactly(title) });
    for (let again = key ? 3 : 0; again > 0; again--) {
      await this.press(key);
      const there = row.first().waitFor({ timeout: 10_000 });
      if (
        await there.then(
          () => true,
          () => false,
        )
      )
        break;
      // Without a menu it would take the selection away.
      if (await this.page.locator(".action-widget").isVisible()) await this.press("Escape");
    }
    await row.first().waitFor();
    const focused = this.page.locator(".action-widget .monaco-list-row.focused", {
      hasText: exactly(title),
    });
    for (let at = 0; at < 40 && !(await focused.count()); at++) {
      await this.press("ArrowDown");
      await this.page.waitForTimeout(30);
    }
    await this.press("Enter");
  }

  toast(text) {
    return this.page.locator(".notification-toast, .notifications-center .monaco-list-row", {
      hasText: text instanceof RegExp ? text : exactly(text),
    });
  }

  /** The rows of the Problems panel. */
  async problems() {
    if (!(await this.page.locator(".markers-panel").isVisible())) {
      await this.press("Control+Shift+KeyM");
    }
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  async dismissToasts() {
    await this.command("Notifications: Clear All Notifications");
  }

  /** The file on the disk after it was saved, once it reads as expected. */
  async saved(name, expected) {
    await this.press("Control+KeyS");
    return this.onDisk(name, expected);
  }

  async onDiskMatches(name, pattern) {
    const file = path.join(this.root, name);
    for (let at = 0; at < 100; at++) {
      if (pattern.test(fs.readFileSync(file, "utf8"))) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`${name} does not read as ${pattern}`);
  }

  async onDisk(name, expected) {
    const file = path.join(this.root, name);
    for (let at = 0; at < 100; at++) {
      if (fs.readFileSync(file, "utf8") === expected) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(
      `${name} is ${JSON.stringify(fs.readFileSync(file, "utf8"))}, not ${JSON.stringify(expected)}`,
    );
  }
}
