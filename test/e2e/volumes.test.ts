import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";

const docker = dockerCli(inject("dockerHost"));
let app: App;
let browser: Browser;
let seen: Visit;
let page: Page;

beforeAll(async () => {
  app = await startApp({ engine: inject("dockerHost") });
  browser = await launchBrowser();
  seen = await visit(browser, app.url);
  ({ page } = seen);
  await page.getByRole("link", { name: "Volumes" }).click();
  await page.getByRole("heading", { name: "Volumes", level: 1 }).waitFor();
});

afterAll(async () => {
  await seen?.close();
  await browser?.close();
  await app?.stop();
  const names = (await docker("volume", "ls", "-q")).split("\n").filter(Boolean);
  if (names.length > 0) await docker("volume", "rm", ...names);
  expect(await docker("ps", "-aq", "--filter", "label=com.longshore.helper")).toBe("");
  expect(await docker("images", "-q", "longshore/helper")).toBe("");
});

/** What a file of a volume holds, seen by a container of the test's own. */
function content(volume: string, path: string): Promise<string> {
  return docker("run", "--rm", "--network=none", "-v", `${volume}:/v`, "busybox:test", "cat", `/v/${path}`);
}

async function openList(): Promise<void> {
  await page.getByRole("link", { name: "Volumes", exact: true }).click();
  await page.getByRole("table", { name: "Volumes" }).waitFor();
}

async function choose(name: string, action: string): Promise<void> {
  await page
    .getByRole("row", { name: new RegExp(`^(Select )?.*\\b${name}\\b`) })
    .first()
    .hover();
  await page.getByRole("button", { name: `More actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: `${action} ${name}`, exact: true }).click();
}

async function toast(text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor();
}

test("creates a volume with labels", async () => {
  await page.getByRole("button", { name: "Create" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").first().fill("e2e-data");
  await dialog.getByRole("button", { name: "Add Labels" }).click();
  await dialog.getByLabel("Labels 1 name").fill("team");
  await dialog.getByLabel("Labels 1 value").fill("blue");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "e2e-data" }).waitFor();
  expect(await docker("volume", "inspect", "-f", "{{.Labels.team}}", "e2e-data")).toBe("blue");
});

test("uploads, edits, renames, downloads and deletes files", async () => {
  await page.getByRole("link", { name: "e2e-data" }).click();
  await page.getByText("This folder is empty").waitFor();
  const folder = await mkdtemp(join(tmpdir(), "longshore-e2e-"));
  await writeFile(join(folder, "notes.txt"), "one\n");
  await page.locator("input[type=file]").setInputFiles(join(folder, "notes.txt"));
  await page.getByRole("row", { name: /notes\.txt/ }).waitFor();
  expect(await content("e2e-data", "notes.txt")).toBe("one");

  await page.getByRole("row", { name: /notes\.txt/ }).dblclick();
  await page.getByLabel("Content").fill("two\n");
  await page.getByRole("button", { name: "Save" }).click();
  await toast("notes.txt was saved");
  expect(await content("e2e-data", "notes.txt")).toBe("two");

  await choose("notes.txt", "Rename");
  await page.getByLabel("New name").fill("read me.txt");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await page.getByRole("row", { name: /read me\.txt/ }).waitFor();

  const [download] = await Promise.all([page.waitForEvent("download"), choose("read me.txt", "Download")]);
  expect(readFileSync(await download.path(), "utf8")).toBe("two\n");

  await page.getByRole("button", { name: "New folder" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("sub");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: /sub/ }).waitFor();
  await choose("sub", "Delete");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("row", { name: /sub/ }).waitFor({ state: "detached" });
  expect(await docker("run", "--rm", "--network=none", "-v", "e2e-data:/v", "busybox:test", "ls", "/v")).toBe(
    "read me.txt",
  );
  await rm(folder, { recursive: true });
});

test("exports, imports and clones", async () => {
  await openList();
  await choose("e2e-data", "Export");
  await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
  await toast(/e2e-data was exported to /);
  await page.getByRole("button", { name: "More for volumes" }).click();
  await page.getByRole("menuitem", { name: "Import…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /e2e-data-.*tar\.zst/ }).click();
  await dialog.getByRole("button", { name: "Check backup" }).click();
  await dialog.getByText("Its checksum matches.").waitFor();
  await dialog.getByLabel("Name of the new volume").fill("e2e-restored");
  await dialog.getByRole("button", { name: "Import" }).click();
  await toast(/imported into e2e-restored/);
  expect(await content("e2e-restored", "read me.txt")).toBe("two");
  await choose("e2e-data", "Clone");
  await page.getByRole("dialog").getByRole("button", { name: "Clone" }).click();
  await toast("e2e-data was cloned to e2e-data-copy.");
  expect(await content("e2e-data-copy", "read me.txt")).toBe("two");
});

test("a volume removed by mistake comes back with its data from the toast", async () => {
  await choose("e2e-restored", "Remove");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await toast("e2e-restored is in the trash");
  await expect(docker("volume", "inspect", "e2e-restored")).rejects.toThrow();
  await page.getByRole("button", { name: "Undo" }).click();
  await toast("e2e-restored is back");
  expect(await content("e2e-restored", "read me.txt")).toBe("two");
});

test("empties, protects, and restores from the trash's list", async () => {
  await choose("e2e-data-copy", "Empty");
  await page.getByRole("alertdialog").getByLabel("Type e2e-data-copy to confirm").fill("e2e-data-copy");
  await page.getByRole("alertdialog").getByRole("button", { name: "Empty" }).click();
  await toast("e2e-data-copy is empty; its files are in the trash");
  expect(await docker("run", "--rm", "--network=none", "-v", "e2e-data-copy:/v", "busybox:test", "ls", "/v")).toBe("");
  await choose("e2e-data", "Protect");
  await page.getByRole("img", { name: "Protected" }).waitFor();
  await page
    .getByRole("row", { name: /e2e-data / })
    .first()
    .hover();
  await page.getByRole("button", { name: "More actions for e2e-data", exact: true }).click();
  await expect
    .poll(() => page.getByRole("menuitem", { name: "Remove e2e-data", exact: true }).getAttribute("aria-disabled"))
    .toBe("true");
  await page.keyboard.press("Escape");
  await choose("e2e-restored", "Remove");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await toast("e2e-restored is in the trash");
  await page.getByRole("button", { name: /^Trash/ }).click();
  await page.getByRole("button", { name: "Restore e2e-restored" }).click();
  await toast("e2e-restored is back");
  await page.keyboard.press("Escape");
  expect(await content("e2e-restored", "read me.txt")).toBe("two");
});

test("prunes what is ticked and nothing else", async () => {
  await page.getByRole("button", { name: "More for volumes" }).click();
  await page.getByRole("menuitem", { name: "Prune…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: "e2e-restored" }).click();
  await dialog.getByRole("radio", { name: "Delete for good" }).click();
  await dialog.getByRole("button", { name: /^Prune \d/ }).click();
  await toast(/volumes? (was|were) removed/);
  const left = (await docker("volume", "ls", "-q")).split("\n");
  expect(left).toContain("e2e-restored");
  // Protected: a prune leaves it alone.
  expect(left).toContain("e2e-data");
  expect(left).not.toContain("e2e-data-copy");
});

test("axe finds nothing to complain of, in light and dark", { timeout: 120_000 }, async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of [
      "#/volumes",
      "#/volumes/e2e-data/files",
      "#/volumes/e2e-data/overview",
      "#/networks",
      "#/networks/map",
    ]) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, path);
      await page.waitForTimeout(400);
      await page.evaluate(AxeBuilder.source);
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(violations, `${path} ${colorScheme}`).toEqual([]);
    }
  }
  expect(seen.problems).toEqual([]);
});
