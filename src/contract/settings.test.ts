import { expect, test } from "vitest";
import { settings } from "./settings.ts";

test("a change carries only what it names: no default undoes another setting", () => {
  expect(settings.update.input.parse({ changes: { theme: "dark" } })).toEqual({ changes: { theme: "dark" } });
  expect(settings.update.input.parse({ changes: {} })).toEqual({ changes: {} });
  expect(() => settings.update.input.parse({ changes: { theme: "blue" } })).toThrow();
});
