import { expect, test } from "vitest";
import { type FileEntry, fromColumns, toColumns } from "./files.ts";

test("entries come back from their columns, and links alone lead anywhere", () => {
  const plain: FileEntry = { name: "a", type: "file", sizeBytes: 5, mode: 0o644, uid: 1, gid: 2, modifiedAt: 3_000 };
  const link: FileEntry = { ...plain, name: "l", type: "link", target: "a" };
  const entries = [plain, link, { ...plain, name: "z", type: "folder" as const }];
  expect(fromColumns(toColumns(entries))).toEqual(entries);
  expect(fromColumns(toColumns([]))).toEqual([]);
});
