/** The server's virtual environment: made once for each lock and each Python. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

import { clean, pythonOf } from "./launch";
import type { Python } from "./python";

export interface Plan {
  python: Python;
  /** The lock: `requirements.txt` with hashes. */
  lock: string;
  /** Where environments are kept: the extension's own storage. */
  storage: string;
  windows: boolean;
}

export interface Installed {
  kind: "installed";
  python: string;
}

export interface NotInstalled {
  kind: "failed";
  /** What went wrong and what to do: for the user. */
  message: string;
}

export interface Cancelled {
  kind: "cancelled";
}

/** What hears of the work. */
export interface Watcher {
  say(sentence: string): void;
  log(line: string): void;
  readonly signal: AbortSignal;
}

/** Names the environment of a lock and a Python: another of either is another name. */
export function environmentName(lock: string, python: Python): string {
  const words = [lock, python.version.join("."), python.executable].join("\0");
  return `server-${createHash("sha256").update(words).digest("hex").slice(0, 16)}`;
}

/** Make the environment, unless it is there. */
export async function install(
  plan: Plan,
  watcher: Watcher,
): Promise<Installed | NotInstalled | Cancelled> {
  const lock = await fs.readFile(plan.lock, "utf8");
  const folder = path.join(plan.storage, environmentName(lock, plan.python));
  if (!(await isWhole(folder, plan))) {
    // One that is there all the same may hold a link to a Python that is gone.
    if (await exists(folder)) await remove(folder);
    const failure = await make(plan, folder, watcher);
    if (failure !== undefined) return failure;
  }
  return { kind: "installed", python: pythonOf(folder, plan.windows) };
}

/** Whether the environment is there already. */
export async function isInstalled(plan: Plan): Promise<boolean> {
  const lock = await fs.readFile(plan.lock, "utf8");
  return isWhole(path.join(plan.storage, environmentName(lock, plan.python)), plan);
}

/** Whether an environment is there and its Python as well. */
async function isWhole(folder: string, plan: Plan): Promise<boolean> {
  return exists(pythonOf(folder, plan.windows));
}

/** Remove the environments, so that the next start makes one anew. */
export async function uninstall(storage: string): Promise<void> {
  for (const name of await fs.readdir(storage).catch(() => [])) {
    if (name.startsWith("server-")) await remove(path.join(storage, name));
  }
}

/** Make it beside its place and move it there when it is whole: windows may start together. */
async function make(
  plan: Plan,
  folder: string,
  watcher: Watcher,
): Promise<NotInstalled | Cancelled | undefined> {
  await fs.mkdir(plan.storage, { recursive: true });
  const draft = `${folder}.${String(process.pid)}`;
  await remove(draft);
  try {
    for (const step of steps(plan, draft)) {
      watcher.say(step.sentence);
      const ended = await run(step, plan.storage, watcher);
      if (watcher.signal.aborted) return { kind: "cancelled" };
      if (ended.code !== 0) return { kind: "failed", message: explain(ended.output) };
    }
    await fs.rename(draft, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
    await removeOthers(plan.storage, path.basename(folder));
    return undefined;
  } finally {
    await remove(draft);
  }
}

interface Step {
  sentence: string;
  command: string;
  args: string[];
}

function steps({ python, lock, windows }: Plan, draft: string): Step[] {
  // Copying pip into the environment takes longer than installing everything else.
  const bare = python.pip ? ["--without-pip"] : [];
  const made = pythonOf(draft, windows);
  const pip = python.pip
    ? [python.executable, "-I", "-m", "pip", "--python", made]
    : [made, "-I", "-m", "pip"];
  // Python compiles what it imports, when it does: compiling every module takes long as well.
  const locked = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile"];
  const quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  const [command = "", ...args] = pip;
  return [
    {
      sentence: "making an environment",
      command: python.executable,
      args: ["-I", "-m", "venv", ...bare, draft],
    },
    {
      sentence: "installing what the server needs",
      command,
      args: [...args, "install", ...quiet, ...locked, "-r", lock],
    },
  ];
}

interface Ended {
  code: number | null;
  output: string;
}

/** Most characters of output that are looked at for a reason. */
const KEPT = 20_000;

function run(step: Step, cwd: string, watcher: Watcher): Promise<Ended> {
  watcher.log(`> ${step.command} ${step.args.join(" ")}`);
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      cwd,
      signal: watcher.signal,
      env: clean(process.env),
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const hear = (chunk: Buffer): void => {
      const text = chunk.toString("utf8");
      output = (output + text).slice(-KEPT);
      for (const line of text.split(/\r?\n/)) if (line.trim()) watcher.log(line);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => {
      resolve({ code: null, output: `${output}\n${error.message}` });
    });
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC/i, "The disk is full. Free some space, then try again."],
  [
    /ensurepip is not available|No module named (ensurepip|venv|pip)/i,
    "This Python cannot make virtual environments. On Debian and Ubuntu, install python3-venv; elsewhere, name another Python in the setting selfRefine.interpreter.",
  ],
  [
    /DO NOT MATCH THE HASHES/i,
    "A package was not the one that the lock names, so nothing was installed. Look at the log; if you use a mirror of packages, it may be at fault.",
  ],
  [
    /NewConnectionError|NameResolutionError|Name or service not known|Temporary failure in name resolution|getaddrinfo failed|nodename nor servname|ConnectTimeout|ProxyError|Network is unreachable|Connection refused|ReadTimeoutError|Max retries exceeded/i,
    "The packages that the server needs could not be fetched: there seems to be no connection. Connect (or set pip's proxy), then try again; or install self-refine yourself and name it in the setting selfRefine.serverPath.",
  ],
  [
    /certificate verify failed|SSLError/i,
    "The packages could not be fetched: the connection's certificate is not trusted. Set pip's certificate, then try again.",
  ],
  [
    /from versions: none/i,
    "The packages that the server needs could not be found: there seems to be no connection to the package index, or it has none for this Python. Connect (or set pip's proxy), then try again; or name another Python (3.11 to 3.13) in the setting selfRefine.interpreter.",
  ],
  [
    /No matching distribution found|not a supported wheel/i,
    "There is no ready-made package for this Python and platform. Name another Python (3.11 to 3.13) in the setting selfRefine.interpreter.",
  ],
];

/** What the output of a failed step means, in a sentence with a next step. */
export function explain(output: string): string {
  const known = REASONS.find(([pattern]) => pattern.test(output));
  return known
    ? `The server was not installed. ${known[1]}`
    : "The server was not installed. The log says why; then try again.";
}

async function removeOthers(storage: string, keep: string): Promise<void> {
  for (const name of await fs.readdir(storage)) {
    // A name with a dot is a draft: another window may be at work on it.
    if (name.startsWith("server-") && name !== keep && !name.includes(".")) {
      await remove(path.join(storage, name));
    }
  }
}

async function remove(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true });
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
