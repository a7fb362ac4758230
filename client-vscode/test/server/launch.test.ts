import { expect, test } from "vitest";

import { bundledLaunch, installedLaunch } from "../../src/server/launch";

const HOSTILE = {
  PYTHONPATH: "/w",
  PYTHONHOME: "/w/home",
  PYTHONSTARTUP: "/w/start.py",
  VIRTUAL_ENV: "/w/.venv",
  OPENAI_API_KEY: "k",
  PATH: "/usr/bin",
  UNSET: undefined,
};

test("the bundled server starts with -P, from outside the workspace, on its own path alone", () => {
  const launch = bundledLaunch("/s/venv/bin/python", "/ext/bundled", "/s", HOSTILE);
  expect(launch.args).toEqual(["-P", "-m", "self_refine", "serve"]);
  expect(launch.cwd).toBe("/s");
  expect(launch.env).toEqual({
    OPENAI_API_KEY: "k",
    PATH: "/usr/bin",
    PYTHONPATH: "/ext/bundled",
    PYTHONSAFEPATH: "1",
    PYTHONNOUSERSITE: "1",
    PYTHONUTF8: "1",
  });
});

test("an installed self-refine gets no Python path at all", () => {
  const launch = installedLaunch("/opt/self-refine", "/s", HOSTILE);
  expect(launch.command).toBe("/opt/self-refine");
  expect(launch.env).not.toHaveProperty("PYTHONPATH");
  expect(launch.env["PYTHONSAFEPATH"]).toBe("1");
});
