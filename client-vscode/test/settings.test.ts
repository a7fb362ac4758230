import { expect, test, vi } from "vitest";

vi.mock("vscode", () => ({}));

const { keysNamed } = await import("../src/settings");

test("a workspace's file names the keys that are ignored; what it may set is not among them", () => {
  const file = `{
    // A comment, as VS Code allows it.
    "selfRefine.model": "m",
    "selfRefine.baseUrl": "http://example.test/v1",
    "selfRefine.review": "hold",
    "other.selfRefine.trace": true,
  }`;
  expect(keysNamed(file)).toEqual(["baseUrl", "model"]);
  expect(keysNamed("")).toEqual([]);
});
