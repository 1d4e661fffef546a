import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSettings } from "./store.ts";

let home = "";
const file = (): string => join(home, "settings.json");

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "longshore-settings-"));
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

test("a fresh home has the defaults, and a change survives a restart", async () => {
  const store = await openSettings(home);
  expect(store.snapshot).toMatchObject({ settings: { theme: "system", engine: "auto" }, notices: [], readOnly: false });
  await store.update({ theme: "dark" });
  expect((await openSettings(home)).snapshot.settings.theme).toBe("dark");
});

test("changes at once are all kept, and listeners hear of each", async () => {
  const store = await openSettings(home);
  const heard: string[] = [];
  const stop = store.subscribe(({ settings }) => heard.push(`${settings.theme} ${settings.density}`));
  await Promise.all([store.update({ theme: "dark" }), store.update({ density: "compact" })]);
  stop();
  await store.update({ theme: "light" });
  expect(heard).toEqual(["dark comfortable", "dark compact"]);
  expect((await openSettings(home)).snapshot.settings).toMatchObject({ theme: "light", density: "compact" });
});

test("a damaged file is set aside and the version before it is used", async () => {
  const store = await openSettings(home);
  await store.update({ theme: "dark" });
  await store.update({ density: "compact" });
  await writeFile(file(), "{ not json");
  const { snapshot } = await openSettings(home);
  expect(snapshot.settings).toMatchObject({ theme: "dark", density: "comfortable" });
  expect(snapshot.notices[0]).toContain("settings.json.damaged-");
  const kept = (await readdir(home)).find((name) => name.includes("damaged"));
  expect(await readFile(join(home, kept ?? ""), "utf8")).toBe("{ not json");
});

test("a bad value falls back alone and is named; unknown keys are written back", async () => {
  await writeFile(file(), JSON.stringify({ version: 1, theme: "plaid", density: "compact", future: { kept: true } }));
  const store = await openSettings(home);
  expect(store.snapshot.settings).toMatchObject({ theme: "system", density: "compact" });
  expect(store.snapshot.notices).toEqual([expect.stringContaining('"theme"')]);
  await store.update({ theme: "light" });
  expect(JSON.parse(await readFile(file(), "utf8"))).toMatchObject({ theme: "light", future: { kept: true } });
});

test("a newer file is shown and never changed", async () => {
  const text = JSON.stringify({ version: 99, theme: "dark" });
  await writeFile(file(), text);
  const store = await openSettings(home);
  expect(store.snapshot).toMatchObject({ settings: { theme: "dark" }, readOnly: true });
  await expect(store.update({ theme: "light" })).rejects.toMatchObject({ code: "conflict" });
  expect(await readFile(file(), "utf8")).toBe(text);
});

test("what cannot be written leaves the old values in force", async () => {
  const store = await openSettings(home);
  await store.update({ theme: "dark" });
  // A folder in the way of the temporary file stands for every failing write; root ignores modes.
  await mkdir(`${file()}.new`);
  await expect(store.update({ theme: "light" })).rejects.toMatchObject({ code: "unavailable" });
  expect(store.snapshot.settings.theme).toBe("dark");
  expect(JSON.parse(await readFile(file(), "utf8")).theme).toBe("dark");
});
