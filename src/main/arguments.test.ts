import { expect, test } from "vitest";
import { ownArguments } from "./arguments.ts";

test.each([
  [
    ["electron", ".", "--engine", "vm"],
    ["--engine", "vm"],
  ],
  [
    ["electron", "--inspect=0", "--no-sandbox", "/app", "--home=/data", "--no-open"],
    ["--home=/data", "--no-open"],
  ],
  [
    ["longshore", "--ozone-platform=wayland", "--home", "/a b"],
    ["--home", "/a b"],
  ],
  [["longshore", "--engine"], ["--engine"]],
  [["longshore"], []],
])("of %j takes %j", (argv, own) => {
  expect(ownArguments(argv)).toEqual(own);
});
