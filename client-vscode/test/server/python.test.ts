import { describe, expect, test } from "vitest";

import { candidates, findPython, type Machine, type Named } from "../../src/server/python";

const NOBODY: Named = { setting: "", extension: "" };

interface Computer {
  /** By path: version, and whether it can make environments. */
  pythons: Record<string, [version: [number, number, number], complete?: boolean]>;
  path?: Record<string, string>;
  links?: Record<string, string>;
  windows?: boolean;
}

function machine({ pythons, path = {}, links = {}, windows = false }: Computer): Machine {
  return {
    windows,
    which: (name) => Promise.resolve(path[name]),
    real: (file) =>
      Promise.resolve(links[file] ?? (file in pythons || file.startsWith("/w") ? file : undefined)),
    run: (command, args) => {
      const found = pythons[links[command] ?? command];
      if (found === undefined) return Promise.reject(new Error("ENOENT"));
      expect(args).toContain("-I");
      return Promise.resolve(
        JSON.stringify([found[0], links[command] ?? command, found[1] ?? true, true]),
      );
    },
  };
}

async function check(
  computer: Computer,
  named: Partial<Named>,
  expected: string | RegExp,
): Promise<void> {
  const found = await findPython(machine(computer), { ...NOBODY, ...named }, ["/w"]);
  if (found.kind === "python") expect(found.executable).toBe(expected);
  else expect(found.message).toMatch(expected);
}

describe("the order of search", () => {
  test("the setting alone counts where it names one", () => {
    const named = { setting: "/opt/py", extension: "/ext/py" };
    expect(candidates(named, true).map((each) => each.command)).toEqual(["/opt/py"]);
  });

  test("then the Python extension, python3, python, and py -3 on Windows", () => {
    const named = { setting: "", extension: "/ext/py" };
    const commands = candidates(named, true).map(({ command, args }) =>
      [command, ...args].join(" "),
    );
    expect(commands).toEqual(["/ext/py", "python3", "python", "py -3"]);
    expect(candidates(named, false)).toHaveLength(3);
  });
});

test("the first Python that will do is taken", () =>
  check(
    {
      pythons: { "/old/python3": [[3, 10, 4]], "/new/python": [[3, 12, 1]] },
      path: { python3: "/old/python3", python: "/new/python" },
    },
    {},
    "/new/python",
  ));

test("a Python inside the workspace is never used, whoever names it", () =>
  check(
    {
      pythons: { "/w/.venv/bin/python": [[3, 12, 0]], "/usr/bin/python3": [[3, 11, 2]] },
      path: { python3: "/usr/bin/python3" },
    },
    { extension: "/w/.venv/bin/python" },
    "/usr/bin/python3",
  ));

test("a link that leads into the workspace counts as inside", () =>
  check(
    {
      pythons: { "/w/evil": [[3, 12, 0]] },
      path: { python3: "/home/bin/python3" },
      links: { "/home/bin/python3": "/w/evil" },
    },
    {},
    /inside the workspace/,
  ));

test("an older Python is named with its version, and the way out", () =>
  check(
    { pythons: { "/usr/bin/python3": [[3, 9, 2]] }, path: { python3: "/usr/bin/python3" } },
    {},
    /is Python 3\.9\.2\. Install Python 3\.11 or later, or name one in the setting selfRefine\.interpreter/,
  ));

test("without any Python the message says what to install", () =>
  check({ pythons: {} }, {}, /found none\. Install Python 3\.11/));

test("a Python without venv names the package that Debian lacks", () =>
  check(
    { pythons: { "/usr/bin/python3": [[3, 11, 2], false] }, path: { python3: "/usr/bin/python3" } },
    {},
    /python3-venv/,
  ));

test("a setting that leads nowhere is said, and no other is taken in its place", () =>
  check(
    { pythons: { "/usr/bin/python3": [[3, 11, 2]] }, path: { python3: "/usr/bin/python3" } },
    { setting: "/gone/python" },
    /\/gone\/python \(from selfRefine\.interpreter\) is not there\. Name another/,
  ));
