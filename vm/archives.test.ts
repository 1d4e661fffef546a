import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeCpio } from "./cpio.ts";
import { writeTar } from "./tar.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "archives-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it("writes tar files that tar unpacks", () => {
  const tar = writeTar([
    { path: "bin/", kind: "directory" },
    { path: "bin/sh", kind: "link", target: "busybox" },
    { path: "bin/busybox", kind: "file", content: Buffer.from("x".repeat(700)), mode: 0o755 },
  ]);
  writeFileSync(join(folder, "a.tar"), tar);
  expect(spawnSync("tar", ["-xf", "a.tar"], { cwd: folder }).status).toBe(0);
  expect(readFileSync(join(folder, "bin/busybox"), "utf8")).toHaveLength(700);
  expect(readlinkSync(join(folder, "bin/sh"))).toBe("busybox");
});

it("refuses a path that the header cannot hold instead of cutting it", () => {
  expect(() => writeTar([{ path: "a".repeat(101), kind: "directory" }])).toThrow(RangeError);
});

it("writes initial RAM disks whose records lie on four bytes and end with the trailer", () => {
  const cpio = writeCpio([{ path: "init", kind: "file", content: Buffer.from("#!x"), executable: true }]);
  expect(cpio.length % 4).toBe(0);
  expect(cpio.toString("latin1", 0, 6)).toBe("070701");
  // Mode 0100755, then owner 0: the fields after the inode.
  expect(cpio.toString("latin1", 14, 38)).toBe("000081ED0000000000000000");
  expect(cpio.toString("latin1")).toContain("TRAILER!!!");
});
