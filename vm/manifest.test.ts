import { expect, it } from "vitest";
import { imageIdOf } from "./manifest.ts";

const files = [
  { name: "vmlinux", sha256: "a" },
  { name: "root.erofs", sha256: "b" },
];

it("names an image by its files and command line, whatever their order", () => {
  const id = imageIdOf(files, "quiet");
  expect(imageIdOf(files.toReversed(), "quiet")).toBe(id);
  expect(imageIdOf(files, "quiet debug")).not.toBe(id);
  expect(imageIdOf([{ name: "vmlinux", sha256: "c" }, ...files.slice(1)], "quiet")).not.toBe(id);
});
