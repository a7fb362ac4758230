import * as fs from "node:fs";
import * as path from "node:path";

import { expect, test, vi } from "vitest";

vi.mock("vscode", () => ({}));

const { ANY_KEYS, USER_KEYS } = await import("../src/settings");

interface Manifest {
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string }[];
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

test("every command is registered, and every menu, key and walkthrough names one that is there", () => {
  const table = /const table[^=]*= \{(.*?)\n {2}\};/s.exec(read("src/extension.ts"))?.[1] ?? "";
  const registered = [...table.matchAll(/^ {4}(\w+):/gm)].map(
    ([, name]) => `selfRefine.ui.${name ?? ""}`,
  );
  expect(registered.sort()).toEqual([...commands].sort());
  const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
    ({ command }) => command,
  );
  const linked = contributes.walkthroughs
    .flatMap(({ steps }) => steps)
    .flatMap(({ description }) =>
      [...description.matchAll(/command:(selfRefine[\w.]+)/g)].map(([, name]) => name ?? ""),
    );
  expect([...named, ...linked].filter((command) => !commands.includes(command))).toEqual([]);
});

test("every condition of a menu or key is one that the extension sets", () => {
  const entries = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
  const used = entries.flatMap(({ when }) => when.match(/selfRefine\.\w+/g) ?? []);
  const status = read("src/views/status.ts");
  const set = [...status.matchAll(/^ {4}(\w+): runs\./gm)].map(([, name]) => name ?? "");
  const known = [...set, ...(status.includes('"selfRefine.ready"') ? ["ready"] : []), "runs"];
  expect(set).toHaveLength(3);
  expect(used.filter((name) => !known.includes(name.replace("selfRefine.", "")))).toEqual([]);
});

test("the context menu offers a run only where there is a server that may run one", () => {
  const context = contributes.menus["editor/context"] ?? [];
  expect(context.map(({ command }) => command)).toEqual(
    ["refine", "refineWith", "critique"].map((name) => `selfRefine.ui.${name}`),
  );
  for (const { when } of context) {
    expect(when).toBe("editorHasSelection && selfRefine.ready && isWorkspaceTrusted");
  }
  const palette = contributes.menus["commandPalette"] ?? [];
  for (const name of ["refine", "refineWith", "critique", "generate"]) {
    const entry = palette.find(({ command }) => command === `selfRefine.ui.${name}`);
    expect(entry?.when).toBe("selfRefine.ready && isWorkspaceTrusted");
  }
});

test("keys are taken only where text is selected, and are none of VS Code's own", () => {
  // In a workspace that is not trusted the key says so.
  for (const { when } of contributes.keybindings) {
    expect(when).toBe("editorTextFocus && editorHasSelection && selfRefine.ready");
  }
  // On macOS cmd+alt+r is "Toggle Find Using Regex", wherever an editor or its find box has the focus.
  expect(contributes.keybindings.map(({ key, mac }) => [key, mac])).toEqual([
    ["ctrl+alt+r", "ctrl+cmd+r"],
    ["ctrl+alt+shift+r", "ctrl+shift+cmd+r"],
  ]);
  for (const page of ["README.md", "../docs/vscode.md"]) {
    expect(read(page)).toContain("`Ctrl+Alt+R` (`⌃⌘R`)");
  }
});

test("the walkthrough's pictures are there", () => {
  for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
    expect(fs.existsSync(path.join(root, media.image)), media.image).toBe(true);
  }
});
