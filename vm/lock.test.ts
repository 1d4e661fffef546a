import { describe, expect, it } from "vitest";
import type { AptStanza } from "./apt-stanzas.ts";
import { type LockedPackage, lockHash, makeLock, parseLock, settlePackages } from "./lock.ts";

function stanza(name: string, version: string): AptStanza {
  return { name, version, sha256: "0".repeat(63) + version.slice(-1), sizeBytes: 10, source: name, depends: "" };
}

function locked(name: string, version: string): LockedPackage {
  const { depends: _depends, ...item } = stanza(name, version);
  return item;
}

describe("package lock", () => {
  it("reads what it wrote, sorted by name", () => {
    const lock = makeLock("trixie", "amd64", [locked("runc", "1"), locked("containerd", "2")]);
    const read = parseLock(JSON.stringify(lock), "lock.json");
    expect(read.packages.map((item) => item.name)).toEqual(["containerd", "runc"]);
    expect(lockHash(read)).toBe(lockHash(lock));
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '{"formatVersion":2}',
    '{"formatVersion":1,"suite":"x","arch":"amd64","packages":[{}]}',
  ])("refuses %j with the way to mend it", (text) => {
    expect(() => parseLock(text, "lock.json")).toThrow(/--update-lock/);
  });

  it("keeps a locked version that is still to be had, although a newer one exists", () => {
    const lock = makeLock("trixie", "amd64", [locked("runc", "1")]);
    const { packages, substitutions } = settlePackages(lock, () => true, [stanza("runc", "2")]);
    expect(packages[0]?.version).toBe("1");
    expect(substitutions).toEqual([]);
  });

  it("takes the current version of a package that is gone, and says so", () => {
    const lock = makeLock("trixie", "amd64", [locked("runc", "1"), locked("tini", "3")]);
    const { packages, substitutions } = settlePackages(lock, (item) => item.name === "tini", [stanza("runc", "2")]);
    expect(packages.map((item) => item.version)).toEqual(["2", "3"]);
    expect(substitutions).toEqual([{ locked: { name: "runc", version: "1" }, taken: { name: "runc", version: "2" } }]);
  });

  it("follows the kernel, whose package name holds its version", () => {
    const lock = makeLock("trixie", "amd64", [locked("linux-image-6.12.1+deb13-amd64", "6.12.1-1")]);
    const current = [stanza("linux-image-6.12.9+deb13-amd64", "6.12.9-1")];
    const { packages } = settlePackages(lock, () => false, current);
    expect(packages[0]?.name).toBe("linux-image-6.12.9+deb13-amd64");
  });

  it("fails where the archive has nothing in a package's place", () => {
    const lock = makeLock("trixie", "amd64", [locked("runc", "1")]);
    expect(() => settlePackages(lock, () => false, [])).toThrow(/runc 1 is gone/);
  });
});
