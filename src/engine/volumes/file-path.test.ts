import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePath, encodePath } from "./file-path.ts";

test("every name survives the way to the screen and back, as JSON too", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const text = decodePath(Buffer.from(bytes));
      expect(encodePath(JSON.parse(JSON.stringify(text)))).toEqual(Buffer.from(bytes));
    }),
  );
  expect(decodePath(Buffer.from("größe 🐳"))).toBe("größe 🐳");
});
