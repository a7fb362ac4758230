/** The command line and environment that the server is started with. Pure. */

import * as path from "node:path";

export interface Launch {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that would let something else than the server decide what Python imports.
 * `OPENAI_*` and the rest of the user's environment pass.
 */
const DROPPED = ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "VIRTUAL_ENV"];

/** The bundled server on the environment that was made for it. */
export function bundledLaunch(
  python: string,
  bundled: string,
  cwd: string,
  environment: Environment,
): Launch {
  return {
    // `-P`: never import from the folder that Python is started in.
    command: python,
    args: ["-P", "-m", "self_refine", "serve"],
    cwd,
    env: { ...clean(environment), PYTHONPATH: bundled },
  };
}

/** A `self-refine` that the user has installed. */
export function installedLaunch(program: string, cwd: string, environment: Environment): Launch {
  return { command: program, args: ["serve"], cwd, env: clean(environment) };
}

/** An environment in which nothing but Python itself decides what Python imports. */
export function clean(environment: Environment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined && !DROPPED.includes(pair[0].toUpperCase()),
  );
  return {
    ...Object.fromEntries(kept),
    PYTHONSAFEPATH: "1",
    PYTHONNOUSERSITE: "1",
    PYTHONUTF8: "1",
  };
}

/** The Python of a virtual environment. */
export function pythonOf(environment: string, windows: boolean): string {
  return windows
    ? path.join(environment, "Scripts", "python.exe")
    : path.join(environment, "bin", "python");
}
