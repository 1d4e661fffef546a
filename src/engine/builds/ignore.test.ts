import { expect, test } from "vitest";
import { IgnoreRules } from "./ignore.ts";

// As `docker build` decides; the cases of moby/patternmatcher.
test.each([
  ["*.log", "a.log", true],
  ["*.log", "dir/a.log", false],
  ["**/*.log", "dir/deep/a.log", true],
  ["**/*.log", "a.log", true],
  ["node_modules", "node_modules/x/y", true],
  ["/build/", "build/out", true],
  ["dir/**", "dir/a/b", true],
  ["a?c", "abc", true],
  ["[ab].txt", "b.txt", true],
  ["# comment", "# comment", false],
  ["*\n!keep.txt", "keep.txt", false],
  ["*\n!keep.txt", "drop.txt", true],
  ["!keep\nkeep", "keep", true],
  ["./x", "x", true],
  ["a.b", "aXb", false],
])("%j on %s: %s", (rules, path, ignored) => {
  expect(new IgnoreRules(rules).ignores(path)).toBe(ignored);
});

test("an ignored folder is walked only where an exception may lie in it", () => {
  const rules = new IgnoreRules("*\n!src/keep/**");
  expect(rules.mayHoldExceptions("src")).toBe(true);
  expect(rules.mayHoldExceptions("node_modules")).toBe(false);
});
