import { expect, test } from "vitest";
import { type DroppedEntry, fromEntries, fromPicked } from "./upload-set.ts";

function dropped(name: string): DroppedEntry {
  return { name, isDirectory: false, file: (resolve) => resolve(new File(["x"], name)) };
}

/** Gives its entries as Chromium does: a few at a time, and none at the end. */
function droppedFolder(name: string, entries: readonly DroppedEntry[], atOnce = 2): DroppedEntry {
  const createReader = () => {
    let at = 0;
    return {
      readEntries: (resolve: (found: DroppedEntry[]) => void) => {
        resolve(entries.slice(at, at + atOnce));
        at += atOnce;
      },
    };
  };
  return { name, isDirectory: true, createReader };
}

test("a dropped folder comes with all that is below it, empty folders too", async () => {
  const deep = droppedFolder("deep", [dropped("d")]);
  const app = droppedFolder("app", [dropped("a"), dropped("b"), dropped("c"), deep, droppedFolder("empty", [])]);
  const { items, folders } = await fromEntries([app, dropped("alone"), new File(["y"], "made")]);
  expect(items.map(({ file, folder }) => [folder, file.name])).toEqual([
    ["app", "a"],
    ["app", "b"],
    ["app", "c"],
    ["app/deep", "d"],
    ["", "alone"],
    ["", "made"],
  ]);
  expect(folders).toEqual(["app", "app/deep", "app/empty"]);
});

test("a folder that cannot be read fails the whole", async () => {
  const readEntries = (_resolve: unknown, reject: (cause: unknown) => void) => reject(new Error("not readable"));
  const bad: DroppedEntry = { name: "bad", isDirectory: true, createReader: () => ({ readEntries }) };
  await expect(fromEntries([bad])).rejects.toThrow("not readable");
});

test("picked files say by their path which folders hold them", () => {
  const picked = (path: string): File =>
    Object.assign(new File([], path.split("/").at(-1) ?? ""), { webkitRelativePath: path });
  const { items, folders } = fromPicked([picked("app/x/y/one"), picked("app/two"), picked("")]);
  expect(items.map(({ folder }) => folder)).toEqual(["app/x/y", "app", ""]);
  expect(folders).toEqual(["app", "app/x", "app/x/y"]);
});
