import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  environmentName,
  explain,
  install,
  isInstalled,
  type Plan,
  type Watcher,
} from "../../src/server/install";
import type { Python } from "../../src/server/python";

const PYTHON: Python = {
  kind: "python",
  executable: "/usr/bin/python3",
  version: [3, 11, 2],
  pip: true,
};

test("another lock, another version or another interpreter is another environment", () => {
  const names = [
    environmentName("a", PYTHON),
    environmentName("b", PYTHON),
    environmentName("a", { ...PYTHON, version: [3, 12, 0] }),
    environmentName("a", { ...PYTHON, executable: "/opt/python3" }),
  ];
  expect(new Set(names).size).toBe(4);
  expect(environmentName("a", PYTHON)).toBe(names[0]);
});

describe("what a failed installation means", () => {
  const cases: [string, RegExp][] = [
    [
      "NewConnectionError: Failed to establish a new connection: [Errno -2] Name or service not known",
      /no connection\. Connect/,
    ],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
      /not the one that the lock names/,
    ],
    ["ensurepip is not available", /python3-venv/],
    ["ERROR: No matching distribution found for jiter==0.19.0", /Name another Python/],
    ["OSError: [Errno 28] No space left on device", /disk is full/],
    [
      "ERROR: No matching distribution found for x (from versions: none)",
      /no connection to the package index, or it has none/,
    ],
    ["Segmentation fault", /The log says why; then try again/],
  ];
  for (const [output, expected] of cases) {
    test(output.slice(0, 40), () => {
      expect(explain(output)).toMatch(expected);
    });
  }
});

/** The Python of this machine, where it is new enough to build an environment on. */
function realPython(): Python | undefined {
  try {
    const words = execFileSync("python3", [
      "-I",
      "-c",
      "import ensurepip, importlib.util as u, json, sys; print(json.dumps([sys.executable, *sys.version_info[:3], bool(u.find_spec('pip'))]))",
    ]);
    const [executable, major, minor, patch, pip] = JSON.parse(String(words)) as [
      string,
      number,
      number,
      number,
      boolean,
    ];
    return { kind: "python", executable, version: [major, minor, patch], pip };
  } catch {
    return undefined;
  }
}

const real = realPython();

describe.skipIf(real === undefined)(
  "with a real Python (skipped: none with ensurepip on PATH)",
  () => {
    let storage: string;
    let plan: Plan;
    const watcher = (signal = new AbortController().signal): Watcher => ({
      say: () => undefined,
      log: () => undefined,
      signal,
    });

    beforeEach(async () => {
      storage = await fs.mkdtemp(path.join(os.tmpdir(), "self-refine-"));
      const lock = path.join(storage, "requirements.txt");
      await fs.writeFile(lock, "");
      plan = { python: real ?? PYTHON, lock, storage, windows: process.platform === "win32" };
    });

    afterEach(async () => {
      await fs.rm(storage, { recursive: true, force: true });
    });

    test(
      "an environment is made once, found again, and made anew where it is damaged or the lock is another",
      { timeout: 120_000 },
      async () => {
        const first = await install(plan, watcher());
        expect(first.kind).toBe("installed");
        expect(await isInstalled(plan)).toBe(true);
        expect(await install(plan, watcher())).toEqual(first);

        // Its Python is gone, as after an upgrade of the one that it was built on.
        if (first.kind === "installed") await fs.rm(first.python);
        expect(await isInstalled(plan)).toBe(false);
        expect(await install(plan, watcher())).toEqual(first);
        expect(await isInstalled(plan)).toBe(true);

        await fs.writeFile(plan.lock, "# another\n");
        expect(await isInstalled(plan)).toBe(false);
        expect(await install(plan, watcher())).not.toEqual(first);
        const left = (await fs.readdir(storage)).filter((name) => name.startsWith("server-"));
        expect(left).toHaveLength(1);
      },
    );

    test(
      "a lock without hashes is refused, and nothing half-made is left",
      { timeout: 120_000 },
      async () => {
        await fs.writeFile(plan.lock, "nothing-of-this-name==1.0\n");
        expect(await install(plan, watcher())).toMatchObject({ kind: "failed" });
        expect((await fs.readdir(storage)).filter((name) => name.startsWith("server-"))).toEqual(
          [],
        );
      },
    );

    test("a cancelled installation leaves nothing", async () => {
      const stop = new AbortController();
      const making = install(plan, {
        say: () => {
          stop.abort();
        },
        log: () => undefined,
        signal: stop.signal,
      });
      expect(await making).toEqual({ kind: "cancelled" });
      expect((await fs.readdir(storage)).filter((name) => name.startsWith("server-"))).toEqual([]);
    });
  },
);
