import { expect, it } from "vitest";

import { isList } from "../../src/server/pickOrButtons";

it.each([
  [["Keep", "Revert", "Why?"], false],
  [[], false],
  [["Yes", "No"], false],
  [["a.md", "None of these"], true],
  [["a.md", "b.md", "c.md", "d.md"], true],
])("shows %j as a list: %s", (titles, expected) => {
  expect(isList(titles)).toBe(expected);
});
