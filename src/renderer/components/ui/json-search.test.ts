import { expect, test } from "vitest";
import { countMatches, matchingPaths } from "./json-search.ts";

const value = { Config: { Env: ["PATH=/bin", "HOME=/root"], Cmd: null }, Id: "path-id", Size: 12 };

test("keys and values are found whatever their case, with the way to them", () => {
  expect([...matchingPaths(value, "PATH")].sort()).toEqual(["/Config", "/Config/Env", "/Config/Env/0", "/Id"]);
  expect(countMatches(value, "path")).toBe(2);
});

test("what lies below a key that was found is there too", () => {
  expect([...matchingPaths(value, "env")].sort()).toEqual(["/Config", "/Config/Env", "/Config/Env/0", "/Config/Env/1"]);
  expect(countMatches(value, "env")).toBe(1);
});

test("numbers and null are found by their text; nothing is nothing", () => {
  expect([...matchingPaths(value, "null")]).toEqual(["/Config/Cmd", "/Config"]);
  expect(countMatches(value, "12")).toBe(1);
  expect(matchingPaths(value, "zzz").size).toBe(0);
});
