/** Finding a Python that the server can run on. Pure but for what `Machine` does. */

import * as path from "node:path";

export const OLDEST = [3, 11] as const;

/** What can be asked of the computer. */
export interface Machine {
  readonly windows: boolean;
  /** The full path of a program on PATH; undefined where there is none. */
  which(name: string): Promise<string | undefined>;
  /** The path with links resolved; undefined where nothing is there. */
  real(file: string): Promise<string | undefined>;
  /** Standard output of a program; throws where it fails. */
  run(command: string, args: readonly string[]): Promise<string>;
}

/** One place to look. */
export interface Candidate {
  /** As a message names it. */
  from: string;
  command: string;
  args: readonly string[];
}

export interface Python {
  kind: "python";
  /** The interpreter itself, not a launcher. */
  executable: string;
  version: readonly [number, number, number];
  /** Whether its own pip can install into other environments. */
  pip: boolean;
}

export interface NoPython {
  kind: "none";
  /** What is wrong and what to do: for the user. */
  message: string;
}

/** What the user or another extension names. */
export interface Named {
  /** `selfRefine.interpreter`. */
  setting: string;
  /** The interpreter that the Python extension has chosen. */
  extension: string;
}

/** Where to look, in order. */
export function candidates(named: Named, windows: boolean): Candidate[] {
  const found: Candidate[] = [];
  if (named.setting) {
    return [{ from: "selfRefine.interpreter", command: named.setting, args: [] }];
  }
  if (named.extension) {
    found.push({ from: "the Python extension", command: named.extension, args: [] });
  }
  found.push({ from: "python3", command: "python3", args: [] });
  found.push({ from: "python", command: "python", args: [] });
  if (windows) found.push({ from: "py -3", command: "py", args: ["-3"] });
  return found;
}

/** pip 22.3 and later know `--python`. */
const PROBE = `
import importlib.metadata as m, importlib.util as u, json, sys
complete = bool(u.find_spec("venv") and u.find_spec("ensurepip"))
try:
    pip = [int(part) for part in m.version("pip").split(".")[:2]] >= [22, 3]
except Exception:
    pip = False
print(json.dumps([list(sys.version_info[:3]), sys.executable, complete, pip]))
`;

/** The first candidate that will do; where none does, why, in a sentence. */
export async function findPython(
  machine: Machine,
  named: Named,
  folders: readonly string[],
): Promise<Python | NoPython> {
  const problems: string[] = [];
  for (const candidate of candidates(named, machine.windows)) {
    const found = await probe(machine, candidate, folders);
    if (typeof found !== "string") return found;
    if (found) problems.push(found);
  }
  return { kind: "none", message: noneFound(named, problems) };
}

function noneFound(named: Named, problems: readonly string[]): string {
  const why = problems.length > 0 ? ` ${problems.join(" ")}` : "";
  const next = named.setting
    ? "Name another in the setting selfRefine.interpreter, or empty it."
    : "Install Python 3.11 or later, or name one in the setting selfRefine.interpreter.";
  return `Self-Refine needs Python 3.11 or later and found none.${why} ${next}`;
}

/** The interpreter behind a candidate, or why it will not do ("" where it is not there). */
async function probe(
  machine: Machine,
  candidate: Candidate,
  folders: readonly string[],
): Promise<Python | string> {
  const isPath = path.isAbsolute(candidate.command);
  const file = isPath ? candidate.command : await machine.which(candidate.command);
  if (file === undefined || (isPath && (await machine.real(file)) === undefined)) {
    return isPath || candidate.from.startsWith("selfRefine")
      ? `${candidate.command} (from ${candidate.from}) is not there.`
      : "";
  }
  if (await liesInside(machine, file, folders)) {
    return `${file} is not used: it lies inside the workspace.`;
  }
  try {
    const found = JSON.parse(
      await machine.run(file, [...candidate.args, "-I", "-c", PROBE]),
    ) as Probed;
    return await judged(machine, found, folders);
  } catch {
    return `${file} does not start.`;
  }
}

type Probed = [
  version: [number, number, number],
  executable: string,
  complete: boolean,
  pip: boolean,
];

async function judged(
  machine: Machine,
  [version, executable, complete, pip]: Probed,
  folders: readonly string[],
): Promise<Python | string> {
  const words = version.join(".");
  if (await liesInside(machine, executable, folders)) {
    return `${executable} is not used: it lies inside the workspace.`;
  }
  if (version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1])) {
    return `${executable} is Python ${words}.`;
  }
  if (!complete) {
    return `${executable} (Python ${words}) cannot make virtual environments; on Debian and Ubuntu, install python3-venv.`;
  }
  return { kind: "python", executable, version, pip };
}

/** Whether a file, as named or with links resolved, lies in one of the folders. */
export async function liesInside(
  machine: Machine,
  file: string,
  folders: readonly string[],
): Promise<boolean> {
  const real = await machine.real(file);
  for (const folder of folders) {
    const realFolder = (await machine.real(folder)) ?? folder;
    for (const each of [file, real]) {
      if (each !== undefined && (within(each, folder) || within(each, realFolder))) return true;
    }
  }
  return false;
}

function within(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
}
