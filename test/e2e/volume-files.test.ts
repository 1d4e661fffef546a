import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violations } from "../fixtures/axe.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type Screen, screenOf } from "../fixtures/screen.ts";
import { inVolume, removeContainersAndVolumes } from "../fixtures/volumes.ts";

const docker = dockerCli(inject("dockerHost"));
let app: App;
let browser: Browser;
let seen: Visit;
let page: Page;
let screen: Screen;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-e2e-"));
  await docker("volume", "create", "e2e-data");
  await docker("volume", "create", "e2e-other");
  app = await startApp({ engine: inject("dockerHost") });
  browser = await launchBrowser();
  seen = await visit(browser, app.url);
  ({ page } = seen);
  screen = screenOf(page);
  await screen.openVolumes();
});

afterAll(async () => {
  await seen?.close();
  await browser?.close();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
  await removeContainersAndVolumes(docker);
});

const inside = (volume: string, script: string): Promise<string> => inVolume(docker, volume, script);

test("uploads by the button and by a drop, and asks where a name is taken", async () => {
  await screen.openFiles("e2e-data");
  await page.getByText("This folder is empty").waitFor();
  await writeFile(join(folder, "notes.txt"), "one\n");
  await page.locator("input[type=file]").setInputFiles(join(folder, "notes.txt"));
  await screen.row("notes.txt").waitFor();
  expect(await inside("e2e-data", "cat notes.txt")).toBe("one");

  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped 🐳\n"], "dropped.txt"));
    transfer.items.add(new File(["another\n"], "notes.txt"));
    return transfer;
  });
  await page.getByRole("region", { name: "Files of e2e-data" }).dispatchEvent("drop", { dataTransfer: data });
  await screen.dialog().getByText("notes.txt is already in this folder.").waitFor();
  await screen.dialog().getByRole("button", { name: "Keep both" }).click();
  await screen.row("dropped.txt").waitFor();
  await screen.row("notes (2).txt").waitFor();
  expect(await inside("e2e-data", "cat notes.txt 'notes (2).txt' dropped.txt")).toBe("one\nanother\ndropped 🐳");
});

test("uploads a whole folder, and into one that is there adds what is new", async () => {
  const site = join(folder, "site");
  await mkdir(join(site, "css", "parts"), { recursive: true });
  await writeFile(join(site, "index.html"), "index\n");
  await writeFile(join(site, "css", "parts", "ä b.css"), "style\n");
  const add = async (): Promise<void> => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Add a whole folder" }).click();
    await (await chooser).setFiles(site);
  };
  await add();
  await page.getByText("2 files were uploaded").waitFor();
  await screen.row("site").waitFor();
  expect(await inside("e2e-data", "find site -type f | sort; cat site/css/parts/*")).toBe(
    "site/css/parts/ä b.css\nsite/index.html\nstyle",
  );

  await writeFile(join(site, "index.html"), "new index\n");
  await writeFile(join(site, "css", "new.css"), "new style\n");
  await add();
  await screen.dialog().getByText("2 files are there already").waitFor();
  await screen.dialog().getByText("site/index.html").waitFor();
  await screen.dialog().getByRole("button", { name: "Replace" }).click();
  await page.getByText("3 files were uploaded").waitFor();
  expect(await inside("e2e-data", "cat site/index.html site/css/new.css")).toBe("new index\nnew style");
  await inside("e2e-data", "rm -r site");
  await page.getByRole("button", { name: "Refresh" }).click();
  await screen.row("site").waitFor({ state: "detached" });
});

test("edits a file, and saves nothing over what somebody else changed meanwhile", async () => {
  await screen.row("notes.txt").dblclick();
  await screen.dialog().getByLabel("Content").fill("two\n");
  await screen.dialog().getByRole("button", { name: "Save" }).click();
  await screen.dialog().waitFor({ state: "detached" });
  expect(await inside("e2e-data", "cat notes.txt")).toBe("two");

  await screen.row("notes.txt").dblclick();
  await screen.dialog().getByLabel("Content").fill("mine\n");
  await inside("e2e-data", "echo theirs > notes.txt");
  await screen.dialog().getByRole("button", { name: "Save" }).click();
  await screen
    .dialog()
    .getByText("notes.txt was changed by somebody else since you opened it. Nothing was saved.")
    .waitFor();
  expect(await inside("e2e-data", "cat notes.txt")).toBe("theirs");
  await screen.dialog().getByRole("button", { name: "Overwrite all the same" }).click();
  await screen.dialog().waitFor({ state: "detached" });
  expect(await inside("e2e-data", "cat notes.txt")).toBe("mine");
});

test("renames, downloads, makes and deletes", async () => {
  await screen.choose("notes.txt", "Rename");
  await screen.dialog().getByLabel("New name").fill("read me.txt");
  await screen.dialog().getByRole("button", { name: "Rename" }).click();
  await screen.row("read me.txt").waitFor();

  const [download] = await Promise.all([page.waitForEvent("download"), screen.choose("read me.txt", "Download")]);
  expect(readFileSync(await download.path(), "utf8")).toBe("mine\n");

  await page.getByRole("button", { name: "New folder" }).click();
  await screen.dialog().getByLabel("Name").fill("sub");
  await screen.dialog().getByRole("button", { name: "Create" }).click();
  await screen.row("sub").waitFor();
  await inside("e2e-data", "echo deep > sub/file; ln -s sub link; chmod 600 sub/file");
  await screen.row("sub").dblclick();
  await screen.row("file").waitFor();
  await expect.poll(() => screen.row("file").textContent()).toContain("-rw-------");
  await page.getByRole("navigation", { name: "Path" }).getByRole("button", { name: "e2e-data" }).click();
  await screen.choose("notes (2).txt", "Delete");
  await screen.question().getByRole("button", { name: "Delete" }).click();
  await screen.row("notes (2).txt").waitFor({ state: "detached" });
  expect(await inside("e2e-data", "ls")).toBe("dropped.txt\nlink\nread me.txt\nsub");
});

test("copies a folder to another volume", async () => {
  await screen.choose("sub", "Copy to…");
  await screen.dialog().getByRole("combobox", { name: "To volume" }).click();
  await page.getByRole("option", { name: "e2e-other" }).click();
  await screen.dialog().getByRole("button", { name: "Copy to…" }).click();
  await screen.toast("1 item was copied to e2e-other.");
  expect(await inside("e2e-other", "cat sub/file; stat -c %a sub/file")).toBe("deep\n600");
});

test("shows names that no shell and no screen likes, and acts on them", async () => {
  await inside(
    "e2e-other",
    `cd /v; for name in "$(printf 'new\\nline')" "it's \\"quoted\\"" '🐳 größe' '-rf' "$(printf 'bad\\377')" '<img src=x onerror=alert(1)>'; do echo x > "./$name"; done`,
  );
  await screen.openFiles("e2e-other");
  for (const name of ["new\\nline", 'it\'s "quoted"', "🐳 größe", "-rf", "bad\\xff", "<img src=x onerror=alert(1)>"]) {
    await screen.choose(name, "Delete");
    await screen.question().getByRole("button", { name: "Delete" }).click();
    await screen.row(name).waitFor({ state: "detached" });
  }
  expect(await inside("e2e-other", "ls")).toBe("sub");
});

test("a folder of 10,000 is sorted, and only what is in sight is drawn", async () => {
  await inside("e2e-other", "mkdir many; cd many; i=0; while [ $i -lt 10000 ]; do : > file-$i; i=$((i + 1)); done");
  await page.getByRole("button", { name: "Refresh" }).click();
  await screen.row("many").dblclick();
  await page.getByText("10,000 items").waitFor();
  await expect.poll(() => page.getByRole("row").count()).toBeLessThan(80);
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("End");
  await screen.row("file-9999").waitFor();
  await page.getByRole("searchbox").fill("file-1234");
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await page.getByRole("searchbox").fill("nothing like it");
  await page.getByText("Nothing matches").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await screen.row("file-0").waitFor();
});

test("axe finds nothing to complain of in a folder and its dialogs, in light and dark", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await screen.openFiles("e2e-data");
    await screen.row("read me.txt").waitFor();
    expect(await violations(page), colorScheme).toEqual([]);
    await screen.row("read me.txt").dblclick();
    await screen.dialog().getByLabel("Content").waitFor();
    expect(await violations(page), `editor ${colorScheme}`).toEqual([]);
    await page.keyboard.press("Escape");
    await screen.dialog().waitFor({ state: "detached" });
    await screen.choose("sub", "Copy to…");
    await screen.dialog().waitFor();
    expect(await violations(page), `copy ${colorScheme}`).toEqual([]);
    await page.keyboard.press("Escape");
    await screen.dialog().waitFor({ state: "detached" });
  }
  expect(seen.problems).toEqual([]);
});
