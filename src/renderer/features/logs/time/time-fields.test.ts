import { expect, test } from "vitest";
import { readField, writeField } from "./time-fields.ts";

test("a time comes back from its field to the millisecond, in either zone", () => {
  const time = Date.UTC(2026, 10, 26, 13, 45, 2, 123);
  for (const mode of ["utc", "local"] as const) expect(readField(writeField(time, mode), mode)).toBe(time);
  expect(writeField(time, "utc")).toBe("2026-11-26T13:45:02.123");
});

test("an empty or half-typed field is no time", () => {
  expect(readField("", "local")).toBeUndefined();
  expect(readField("2026-13", "utc")).toBeUndefined();
  expect(writeField(undefined, "local")).toBe("");
  expect(writeField(Number.POSITIVE_INFINITY, "local")).toBe("");
});
