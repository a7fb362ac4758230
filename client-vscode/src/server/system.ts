/** What is asked of the operating system: programs, paths, files. */

import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";

import type { Machine } from "./python";

const execute = promisify(execFile);

/** Longest time that a Python may take to say which one it is. */
const PROBE_MS = 20_000;

/** The computer that the extension host runs on; programs start in `cwd`, outside any workspace. */
export function thisMachine(cwd: string): Machine {
  const windows = process.platform === "win32";
  return {
    windows,
    which: (name) => which(name, windows),
    real: (file) => fs.realpath(file).catch(() => undefined),
    async run(command, args) {
      const options = { cwd, timeout: PROBE_MS, windowsHide: true };
      return (await execute(command, [...args], options)).stdout;
    },
  };
}

/** The first program of that name on PATH. Relative entries are left out: they mean the workspace. */
async function which(name: string, windows: boolean): Promise<string | undefined> {
  const folders = (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const endings = windows ? [".exe", ".cmd", ".bat"] : [""];
  for (const folder of folders) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
