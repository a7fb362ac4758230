import * as fs from "node:fs";
import * as path from "node:path";

import { describe, expect, test } from "vitest";

/** Colours of the editor in VS Code's default themes: background and text. */
const THEMES = {
  dark: ["#1F1F1F", "#CCCCCC"],
  light: ["#FFFFFF", "#3B3B3B"],
  highContrast: ["#000000", "#FFFFFF"],
  highContrastLight: ["#FFFFFF", "#292929"],
} as const;

type Theme = keyof typeof THEMES;

const manifest = JSON.parse(
  fs.readFileSync(path.resolve(import.meta.dirname, "../../package.json"), "utf8"),
) as { contributes: { colors: { id: string; defaults: Record<Theme, string> }[] } };
const { colors } = manifest.contributes;

function colorOf(id: string, theme: Theme): string {
  const found = colors.find((color) => color.id === `selfRefine.${id}`)?.defaults[theme];
  if (found === undefined) throw new Error(`no ${id} in ${theme}`);
  return found;
}

/** Red, green, blue and opacity, each from 0 to 1. */
function channels(hex: string): [number, number, number, number] {
  const value = (at: number): number => parseInt(hex.slice(at, at + 2), 16) / 255;
  return [value(1), value(3), value(5), hex.length > 7 ? value(7) : 1];
}

/** A colour laid over an opaque one. */
function over(hex: string, below: string): [number, number, number] {
  const [red, green, blue, opacity] = channels(hex);
  const base = channels(below);
  const mix = (one: number, at: 0 | 1 | 2): number => one * opacity + base[at] * (1 - opacity);
  return [mix(red, 0), mix(green, 1), mix(blue, 2)];
}

/** The relative luminance of WCAG 2.2. */
function luminance(color: readonly [number, number, number]): number {
  const linear = (value: number): number =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const [red, green, blue] = color;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** The contrast ratio of WCAG 2.2: from 1 to 21. */
function contrast(one: [number, number, number], other: [number, number, number]): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test("the measure is that of WCAG", () => {
  expect(contrast(over("#FFFFFF", "#000000"), over("#000000", "#000000"))).toBeCloseTo(21, 5);
  expect(contrast(over("#777777", "#FFFFFF"), over("#FFFFFF", "#FFFFFF"))).toBeCloseTo(4.48, 2);
});

describe.each(Object.keys(THEMES) as Theme[])("in %s", (theme) => {
  const [background, text] = THEMES[theme];
  const page = over(background, background);
  const tinted = over(colorOf("newWordsBackground", theme), background);

  test("old words can be read (4.5:1)", () => {
    expect(contrast(over(colorOf("oldWordsForeground", theme), background), page)).toBeGreaterThan(
      4.5,
    );
  });

  test("new words can be read on their tint (4.5:1)", () => {
    expect(contrast(over(text, background), tinted)).toBeGreaterThan(4.5);
  });

  test.each(["newWordsBorder", "changeRulerForeground", "workBorder"])("%s is seen (3:1)", (id) => {
    expect(contrast(over(colorOf(id, theme), background), page)).toBeGreaterThan(3);
  });
});

test("every colour has a default for each kind of theme", () => {
  for (const { id, defaults } of colors) {
    expect([id, Object.keys(defaults).sort()]).toEqual([id, Object.keys(THEMES).sort()]);
  }
});

test("colour is never the only sign: new words are underlined, old ones struck through", () => {
  const source = fs.readFileSync(
    path.resolve(import.meta.dirname, "../../src/review/decorations.ts"),
    "utf8",
  );
  expect(source).toContain('textDecoration: "line-through"');
  expect(source).toContain('borderWidth: "0 0 2px 0"');
  expect(source).toContain('...icon("gutter-change")');
});
