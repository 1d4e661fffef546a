import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodePath } from "../../src/engine/volumes/file-path.ts";
import { listScript, parseListing } from "../../src/engine/volumes/list-files.ts";

const names = [
  ".hidden",
  "..two",
  "...",
  "*",
  ".[!.]*",
  "plain",
  'it\'s "quoted"',
  "new\nline",
  "a' -> 'b",
  "größe 🐳",
  "-rf",
  " space ",
  "x".repeat(255),
];

function list(folder: string): ReturnType<typeof parseListing> {
  const mark = "0123456789abcdef";
  const args = ["sh", "-c", listScript(mark).toString()];
  const { stdout } = spawnSync("/usr/bin/busybox", args, { cwd: folder, maxBuffer: 1 << 30 });
  return parseListing(stdout, mark);
}

test("names of all kinds, and where links lead, are read from what busybox prints", () => {
  const folder = mkdtempSync(join(tmpdir(), "longshore-list-"));
  const odd = Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff, 0xfe])]);
  try {
    for (const name of names) writeFileSync(join(folder, name), "12345");
    writeFileSync(odd, "");
    mkdirSync(join(folder, "folder"));
    symlinkSync("new\nplace", join(folder, "link"));
    symlinkSync("t' -> 'u", join(folder, "l' -> 'm"));
    symlinkSync("t", join(folder, ".n' -> 'o"));
    symlinkSync("t' -> 'u", join(folder, "nowhere"));
    const { entries, total } = list(folder);
    const wanted = [
      ...names,
      "folder",
      "link",
      "l' -> 'm",
      ".n' -> 'o",
      "nowhere",
      decodePath(Buffer.from([0x62, 0x61, 0x64, 0xff, 0xfe])),
    ];
    expect(entries.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted());
    expect(total).toBe(wanted.length);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    expect(byName.get("plain")).toMatchObject({ type: "file", sizeBytes: 5 });
    expect(byName.get("folder")?.type).toBe("folder");
    expect(byName.get("link")).toMatchObject({ type: "link", target: "new\nplace" });
    expect(byName.get("l' -> 'm")).toMatchObject({ type: "link", target: "t' -> 'u" });
    expect(byName.get(".n' -> 'o")).toMatchObject({ type: "link", target: "t" });
    expect(byName.get("nowhere")).toMatchObject({ type: "link", target: "t' -> 'u" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an empty folder is no failure, and long names in great number are no limit", () => {
  const folder = mkdtempSync(join(tmpdir(), "longshore-list-"));
  try {
    expect(list(folder)).toEqual({ entries: [], total: 0 });
    for (let index = 0; index < 9_000; index += 1) writeFileSync(join(folder, "x".repeat(240) + index), "");
    expect(list(folder).total).toBe(9_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
