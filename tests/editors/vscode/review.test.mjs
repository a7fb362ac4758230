// The session of thirty steps as tests, in a dark theme; and the live check that no key of ours is one
// of VS Code's own.

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { after, before, test } from "node:test";

import { ROOT } from "./harness.mjs";
import { defaultKeys } from "./keymap.mjs";
import { STEPS, begin, play } from "./session.mjs";

let session;

before(async () => {
  session = await begin("dark");
});

after(async () => {
  await session?.end();
});

for (const [number, [name]] of STEPS.entries()) {
  test(name, async () => {
    await play(session, number);
  });
}

test("no key of ours is one that this VS Code has", async () => {
  const file = path.join(ROOT, "client-vscode", "package.json");
  const { contributes } = JSON.parse(fs.readFileSync(file, "utf8"));
  const ordered = (key) => key.split("+").sort().join("+");
  const theirs = new Map(
    (await defaultKeys(session.at))
      .filter(({ command }) => !command.startsWith("selfRefine."))
      .map(({ key, command }) => [ordered(key.split(" ")[0]), command]),
  );
  for (const { key } of contributes.keybindings) {
    assert.equal(theirs.get(ordered(key)), undefined, key);
  }
});
