import * as fs from "node:fs";
import * as path from "node:path";

import { expect, test, vi } from "vitest";

vi.mock("vscode", () => ({}));

const { ANY_KEYS, USER_KEYS } = await import("../src/settings");

interface Contributed {
  command: string;
  title: string;
  icon?: string;
}

interface Manifest {
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: Contributed[];
    colors: { id: string; defaults: Record<string, string> }[];
    viewsWelcome: { when: string; contents: string }[];
    configuration: {
      properties: Record<string, { scope: string; markdownDescription?: string }>;
    }[];
    menus: Record<string, { command: string; when: string }[]>;
    keybindings: { command: string; key: string; mac: string; when: string }[];
    walkthroughs: { steps: { description: string; media: { image: string } }[] }[];
  };
}

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string): string => fs.readFileSync(path.join(root, file), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;
const { contributes, capabilities } = manifest;
const properties = Object.entries(
  Object.assign({}, ...contributes.configuration.map((group) => group.properties)) as Record<
    string,
    { scope: string; markdownDescription?: string }
  >,
);
const ours = (name: string): string => `selfRefine.ui.${name}`;
const commands = contributes.commands.map(({ command }) => command);

test("every setting is read in settings.ts, described, and of the scope that its kind has", () => {
  const scopes = Object.fromEntries(
    properties.map(([key, { scope }]) => [key.replace("selfRefine.", ""), scope]),
  );
  const expected = [
    ...USER_KEYS.map((key) => [key, "machine"]),
    ...ANY_KEYS.map((key) => [key, "resource"]),
  ];
  expect(scopes).toEqual(Object.fromEntries(expected));
  expect(properties.filter(([, { markdownDescription }]) => !markdownDescription)).toEqual([]);
});

test("every key that only the user may set is restricted in workspaces that are not trusted", () => {
  expect(capabilities.untrustedWorkspaces.supported).toBe("limited");
  const restricted = capabilities.untrustedWorkspaces.restrictedConfigurations;
  expect([...restricted].sort()).toEqual(USER_KEYS.map((key) => `selfRefine.${key}`).sort());
});

test("commands are of ui.*: a second registration of the server's own would stop the client", () => {
  expect(commands.filter((command) => !command.startsWith("selfRefine.ui."))).toEqual([]);
});

/** Names in a record of a source file, such as `const table = { name: … };`. */
function namesIn(file: string, record: string, indent: string): string[] {
  const found = new RegExp(`const ${record}[^=]*= \\{(.*?)\\n${indent}\\};`, "s").exec(
    read(file),
  )?.[1];
  return [...(found ?? "").matchAll(new RegExp(`^${indent}  (\\w+):`, "gm"))].map(
    ([, name]) => name ?? "",
  );
}

test("every command is registered, and every menu, key and walkthrough names one that is there", () => {
  const again = namesIn("src/commands.ts", "AGAIN", "");
  const registered = [...namesIn("src/commands.ts", "table", "  "), ...again].map(ours);
  expect(registered.sort()).toEqual([...commands].sort());
  const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
    ({ command }) => command,
  );
  const texts = [
    ...contributes.walkthroughs.flatMap(({ steps }) => steps).map(({ description }) => description),
    ...contributes.viewsWelcome.map(({ contents }) => contents),
  ];
  const linked = texts.flatMap((text) =>
    [...text.matchAll(/command:(selfRefine[\w.]+)/g)].map(([, name]) => name ?? ""),
  );
  expect([...named, ...linked].filter((command) => !commands.includes(command))).toEqual([]);
});

test("what a button calls again is in the table of commands", () => {
  const table = namesIn("src/commands.ts", "table", "  ");
  const values = [...read("src/commands.ts").matchAll(/^ {2}\w+: "(\w+)",$/gm)];
  expect(values).toHaveLength(11);
  expect(values.filter(([, name]) => !table.includes(name ?? ""))).toEqual([]);
});

test("every condition of a menu, key or welcome text is one that the extension sets", () => {
  const entries = [
    ...Object.values(contributes.menus).flat(),
    ...contributes.keybindings,
    ...contributes.viewsWelcome,
  ];
  const used = entries.flatMap(({ when }) => when.match(/selfRefine\.\w+/g) ?? []);
  const sources = read("src/views/contexts.ts") + read("src/views/status.ts");
  const set = [...sources.matchAll(/setContext\("(\w+)"/g)].map(([, name]) => name ?? "");
  const kinds = ["pending", "waiting", "running"].flatMap((kind) => [
    kind,
    `${kind}Here`,
    `${kind}Names`,
  ]);
  const known = [...set, ...kinds, "runs"];
  expect(set.sort()).toEqual(["hasRuns", "ready", "situation"]);
  expect(used.filter((name) => !known.includes(name.replace("selfRefine.", "")))).toEqual([]);
});

test("a run is offered only where there is a server that may run one; at most seven entries a menu", () => {
  const context = contributes.menus["editor/context"] ?? [];
  expect(context.map(({ command }) => command)).toEqual(
    ["refine", "refineWith", "critique", "cancel", "keepAll", "revertAll"].map(ours),
  );
  for (const { when } of context.slice(0, 3)) {
    expect(when).toBe("editorHasSelection && selfRefine.ready && isWorkspaceTrusted");
  }
  const palette = contributes.menus["commandPalette"] ?? [];
  for (const name of ["refine", "refineWith", "critique", "generate"]) {
    const entry = palette.find(({ command }) => command === ours(name));
    expect(entry?.when).toBe("selfRefine.ready && isWorkspaceTrusted");
  }
  for (const menu of ["editor/context", "editor/title", "view/title"]) {
    expect(contributes.menus[menu]?.length).toBeLessThanOrEqual(7);
  }
});

test("buttons of title bars are words, and rows of the view have icons", () => {
  const of = (name: string): Contributed | undefined =>
    contributes.commands.find(({ command }) => command === name);
  for (const { command } of contributes.menus["editor/title"] ?? []) {
    expect([command, of(command)?.icon]).toEqual([command, undefined]);
    // VS Code writes the key of a command beside its word.
    expect(contributes.keybindings.map((entry) => entry.command)).not.toContain(command);
  }
  for (const { command } of contributes.menus["view/item/context"] ?? []) {
    expect([command, typeof of(command)?.icon]).toEqual([command, "string"]);
  }
});

test("one vocabulary: a change is kept or reverted, a result accepted or discarded", () => {
  const titles = contributes.commands.map(({ title }) => title);
  expect(
    titles.filter((title) => /\bchanges?\b/.test(title) && /accept|discard/i.test(title)),
  ).toEqual([]);
  expect(titles.filter((title) => /\bresult\b/.test(title) && /keep|revert/i.test(title))).toEqual(
    [],
  );
  for (const title of ["Keep change", "Revert change", "Accept result", "Discard result"]) {
    expect(titles).toContain(title);
  }
});

const PLATFORMS = ["linux", "windows", "macos"] as const;

/** A key with its modifiers in one order. */
function ordered(key: string): string {
  return key
    .split(" ")
    .map((stroke) => stroke.split("+").sort().join("+"))
    .join(" ");
}

/** What VS Code does with a key; undefined where nothing. */
function builtIn(platform: (typeof PLATFORMS)[number], key: string): string | undefined {
  const keys = JSON.parse(read(`test/keymap/${platform}.json`)) as Record<string, string>;
  const wanted = ordered(key);
  const found = Object.entries(keys).find(([theirs]) => {
    const other = ordered(theirs);
    // A chord that begins with our key takes it as well.
    return other === wanted || other.startsWith(`${wanted} `);
  });
  return found?.[1];
}

test("no key of ours is one of VS Code's own, on any platform, and none is AltGr", () => {
  expect(builtIn("linux", "ctrl+shift+p")).toBe("workbench.action.showCommands");
  expect(builtIn("macos", "shift+cmd+p")).toBe("workbench.action.showCommands");
  expect(builtIn("windows", "ctrl+k")).toBeDefined();
  for (const { command, key, mac } of contributes.keybindings) {
    for (const platform of PLATFORMS) {
      const ours = platform === "macos" ? mac : key;
      expect([command, platform, builtIn(platform, ours)]).toEqual([command, platform, undefined]);
    }
    expect(ordered(key)).not.toMatch(/^alt\+ctrl/);
  }
});

test("a key that answers a change is active only while one is pending; one key has one meaning", () => {
  const whens = (name: string): string[] =>
    contributes.keybindings.filter(({ command }) => command === ours(name)).map(({ when }) => when);
  for (const name of [
    "nextChange",
    "previousChange",
    "keep",
    "revert",
    "keepAll",
    "revertAll",
    "why",
  ]) {
    expect(whens(name)).toEqual(["editorTextFocus && selfRefine.pendingHere"]);
  }
  // In a workspace that is not trusted, or without a server, the key says so.
  expect(whens("refine")).toEqual(["editorTextFocus && !editorReadonly"]);
  expect(whens("cancel")).toEqual(["selfRefine.running"]);
  const twice = contributes.keybindings.map(({ key, when }) => `${key} ${when}`);
  expect(new Set(twice).size).toBe(twice.length);
});

test("every action of the review has a key, which the pages name", () => {
  const pages = ["README.md", "../docs/vscode.md"].map(read);
  for (const { key, mac } of contributes.keybindings) {
    for (const page of pages) expect(page).toContain(`\`${written(key)}\` (\`${signs(mac)}\`)`);
  }
});

/** "shift+alt+q" as people write it. */
function written(key: string): string {
  const order = ["shift", "alt"];
  const [letter = "", ...modifiers] = key.split("+").reverse();
  const sorted = modifiers.sort((one, other) => order.indexOf(one) - order.indexOf(other));
  return [...sorted, letter].map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("+");
}

const SIGNS: Record<string, string> = { ctrl: "⌃", shift: "⇧", cmd: "⌘" };

function signs(key: string): string {
  return key
    .split("+")
    .map((part) => SIGNS[part] ?? part.toUpperCase())
    .join("");
}

test("the walkthrough's pictures are there, and its last step names the keys of the review", () => {
  const steps = contributes.walkthroughs.flatMap((each) => each.steps);
  for (const { media } of steps) {
    expect(fs.existsSync(path.join(root, media.image)), media.image).toBe(true);
  }
  expect(steps.at(-1)?.description).toMatch(/Alt\+J.*Alt\+Y.*Alt\+U/);
});

test("each situation has a welcome text with one button", () => {
  const kinds = contributes.viewsWelcome.map(({ when, contents }) => [
    [...when.matchAll(/== (\w+)/g)].map(([, kind]) => kind),
    [...contents.matchAll(/\]\(command:/g)].length,
  ]);
  const seen = kinds.flatMap(([names]) => names as string[]);
  const expected = [
    "starting installing notInstalled stopped untrusted noCriteria noModel brokenCriteria",
    "ready notOurs secretFile",
  ].join(" ");
  expect(seen.sort()).toEqual(expected.split(" ").sort());
  expect(kinds.map(([, buttons]) => buttons)).toEqual(kinds.map(() => 1));
});
