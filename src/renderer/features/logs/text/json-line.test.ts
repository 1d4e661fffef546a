import { expect, test } from "vitest";
import { fieldPattern, jsonOf } from "./json-line.ts";

test("an object is found alone and behind a prefix; a bracket in a sentence is none", () => {
  expect(jsonOf('{"level":"info","n":1}')).toEqual({ level: "info", n: 1 });
  expect(jsonOf('2026-11-26 INFO { "a": [1] } ')).toEqual({ a: [1] });
  expect(jsonOf('[{"a":1}]')).toEqual([{ a: 1 }]);
  expect(jsonOf("array [1, 2]")).toBeUndefined();
  expect(jsonOf("{not json}")).toBeUndefined();
  expect(jsonOf('{"cut":"of')).toBeUndefined();
});

test("a field's pattern matches it however it is spaced, and no other value", () => {
  const pattern = new RegExp(fieldPattern("user.name", 'a+b "x"'), "u");
  expect(pattern.test(JSON.stringify({ "user.name": 'a+b "x"' }))).toBe(true);
  expect(pattern.test('{ "user.name" : "a+b \\"x\\"" }')).toBe(true);
  expect(pattern.test(JSON.stringify({ "user.name": "aab" }))).toBe(false);
});
