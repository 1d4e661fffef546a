import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violations, violationsInThemes } from "../fixtures/axe.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { postQuickly } from "../fixtures/engine-events.ts";
import { type Keys, keysOf } from "../fixtures/keys.ts";
import { type Screen, screenOf } from "../fixtures/screen.ts";
import { inVolume, removeContainersAndVolumes } from "../fixtures/volumes.ts";

const run = promisify(execFile);

const docker = dockerCli(inject("dockerHost"));
let app: App;
let browser: Browser;
let seen: Visit;
let page: Page;
let screen: Screen;
let keys: Keys;

const inside = (volume: string, script: string): Promise<string> => inVolume(docker, volume, script);

beforeAll(async () => {
  app = await startApp({ engine: inject("dockerHost") });
  browser = await launchBrowser();
  seen = await visit(browser, app.url);
  ({ page } = seen);
  screen = screenOf(page);
  keys = keysOf(page);
  await screen.openVolumes();
});

afterEach(async ({ task }) => {
  // A test that failed may have left a dialog open, which would fail all the others.
  if (task.result?.state === "fail") await page.reload();
});

afterAll(async () => {
  await seen?.close();
  await browser?.close();
  await app?.stop();
  await removeContainersAndVolumes(docker);
});

const names = async (): Promise<string[]> => (await docker("volume", "ls", "-q")).split("\n");

test("an engine without volumes: one sentence, one action, and no violation in either theme", async () => {
  await page.getByText("No volumes yet").waitFor();
  expect(await violationsInThemes(page)).toEqual([]);
});

test("creates volumes with labels and with the options of a driver", async () => {
  await page.getByRole("button", { name: "Create" }).first().click();
  await screen.dialog().getByLabel("Name").first().fill("e2e-data");
  await screen.dialog().getByRole("button", { name: "Add labels" }).click();
  await screen.dialog().getByLabel("Labels 1 name").fill("team");
  await screen.dialog().getByLabel("Labels 1 value").fill("blue");
  await screen.dialog().getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "e2e-data", exact: true }).waitFor();
  expect(await docker("volume", "inspect", "-f", "{{.Labels.team}}", "e2e-data")).toBe("blue");

  await page.getByRole("button", { name: "Create" }).first().click();
  await screen.dialog().getByLabel("Name").first().fill("e2e-memory");
  await screen.dialog().getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: "In memory (tmpfs)" }).click();
  await screen.dialog().getByLabel("Options 2 value").fill("size=8m");
  await screen.dialog().getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "e2e-memory", exact: true }).waitFor();
  const options = JSON.parse(await docker("volume", "inspect", "-f", "{{json .Options}}", "e2e-memory"));
  expect(options).toEqual({ type: "tmpfs", o: "size=8m", device: "tmpfs" });

  await page.getByRole("button", { name: "Create" }).first().click();
  await screen.dialog().getByLabel("Name").first().fill("e2e-data");
  await screen.dialog().getByRole("button", { name: "Create" }).click();
  await screen.dialog().getByRole("alert").filter({ hasText: 'There is already a volume "e2e-data"' }).waitFor();
  await page.keyboard.press("Escape");
});

/** The path of a backup that the app has just written, from its toast. */
async function exportAs(volume: string, format: RegExp): Promise<string> {
  await screen.choose(volume, "Export");
  await screen.dialog().getByRole("radio", { name: format }).click();
  await screen.dialog().getByRole("button", { name: "Export" }).click();
  const kind = format.source.startsWith("tar.gz") ? "tar.gz" : "tar.zst";
  const told = await (await screen.toast(new RegExp(`${volume} was exported to .*${kind}`))).textContent();
  const path = /exported to (\/\S+?\.tar\.(?:gz|zst))/.exec(told ?? "")?.[1];
  if (!path) throw new Error(`No path in "${told}"`);
  return path;
}

test("exports with a checksum and a manifest, in both formats", async () => {
  await docker("volume", "create", "e2e-other");
  await inside(
    "e2e-data",
    "echo mine > 'read me.txt'; mkdir sub; echo deep > sub/file; ln -s sub link; head -c 3000000 /dev/zero > zeros",
  );
  await inside("e2e-other", "echo other > 'read me.txt'; echo first > first");
  for (const format of [/tar.zst/, /tar.gz/]) {
    const path = await exportAs("e2e-data", format);
    const { stdout } = await run("sha256sum", ["-c", `${basename(path)}.sha256`], { cwd: dirname(path) });
    expect(stdout).toContain("OK");
  }
  const path = await exportAs("e2e-other", /tar.zst/);
  const text = zstdDecompressSync(readFileSync(path)).toString("latin1");
  const manifest = JSON.parse(text.slice(text.indexOf("{"), text.indexOf("\n}") + 2));
  expect(manifest).toMatchObject({ format: "longshore-volume", name: "e2e-other", driver: "local", usedBy: [] });
});

test("imports into a new volume, and over an existing one after saying what is replaced", async () => {
  await page.getByRole("button", { name: "More for volumes" }).click();
  await page.getByRole("menuitem", { name: "Import…" }).click();
  await screen
    .dialog()
    .getByRole("button", { name: /e2e-data-.*tar\.gz/ })
    .click();
  await screen.dialog().getByRole("button", { name: "Check backup" }).click();
  await screen.dialog().getByText("Its checksum matches.").waitFor();
  await screen.dialog().getByLabel("Name of the new volume").fill("e2e-restored");
  await screen.dialog().getByRole("button", { name: "Import" }).click();
  await screen.toast(/imported into e2e-restored/);
  expect(await inside("e2e-restored", "cat 'read me.txt' sub/file; readlink link")).toBe("mine\ndeep\nsub");
  expect(await docker("volume", "inspect", "-f", "{{.Labels.team}}", "e2e-restored")).toBe("blue");

  await docker(
    "run",
    "-d",
    "--stop-signal",
    "KILL",
    "--name",
    "e2e-user",
    "-v",
    "e2e-other:/data",
    "busybox:test",
    "sleep",
    "1000",
  );
  await screen.choose("e2e-other", "Import");
  await screen
    .dialog()
    .getByRole("button", { name: /e2e-data-.*tar\.zst/ })
    .click();
  await screen.dialog().getByRole("button", { name: "Check backup" }).click();
  await screen
    .dialog()
    .getByText("Everything in e2e-other is replaced. What it holds now moves to the trash.")
    .waitFor();
  await screen.dialog().getByRole("checkbox", { name: "Stop e2e-user for the change and start again" }).click();
  await screen.dialog().getByRole("button", { name: "Import" }).click();
  await screen.toast(/imported into e2e-other/);
  expect(await inside("e2e-other", "ls")).toBe("link\nread me.txt\nsub\nzeros");
  expect(await docker("exec", "e2e-user", "cat", "/data/read me.txt")).toBe("mine");
  await docker("rm", "-f", "e2e-user");
});

test("clones", async () => {
  await screen.choose("e2e-data", "Clone");
  await screen.dialog().getByRole("button", { name: "Clone" }).click();
  await screen.toast("e2e-data was cloned to e2e-data-copy.");
  expect(await inside("e2e-data-copy", "cat 'read me.txt'")).toBe("mine");
});

test("a volume removed by mistake comes back with its data from the toast", async () => {
  await screen.choose("e2e-restored", "Remove");
  await screen.question().getByRole("button", { name: "Remove" }).click();
  await screen.toast("e2e-restored is in the trash");
  expect(await names()).not.toContain("e2e-restored");
  await screen.undo("e2e-restored is in the trash");
  await expect.poll(names).toContain("e2e-restored");
  await screen.toast("e2e-restored is back");
  expect(await inside("e2e-restored", "cat 'read me.txt'")).toBe("mine");
});

test("empties, and a protected volume can neither be changed nor removed", async () => {
  await screen.choose("e2e-data-copy", "Empty");
  await screen.question().getByLabel("Type e2e-data-copy to confirm").fill("e2e-data-copy");
  await screen.question().getByRole("button", { name: "Empty" }).click();
  await screen.toast("e2e-data-copy is empty; its files are in the trash");
  expect(await inside("e2e-data-copy", "ls")).toBe("");

  await screen.choose("e2e-data", "Protect");
  await page.getByRole("img", { name: "Protected" }).waitFor();
  await screen.row("e2e-data").hover();
  await page.getByRole("button", { name: "More actions for e2e-data", exact: true }).click();
  for (const action of ["Remove", "Empty", "Import"]) {
    const item = page.getByRole("menuitem", { name: `${action} e2e-data`, exact: true });
    await expect.poll(() => item.getAttribute("aria-disabled")).toBe("true");
  }
  await page.keyboard.press("Escape");
  await screen.openFiles("e2e-data");
  await expect.poll(() => page.getByRole("button", { name: "Upload" }).getAttribute("aria-disabled")).toBe("true");
  await screen.row("read me.txt").dblclick();
  await expect.poll(() => screen.dialog().getByLabel("Content").getAttribute("readonly")).toBe("");
  await page.keyboard.press("Escape");
  await screen.openVolumes();
});

test("restores from the trash's list, and deletes for good only after a question", async () => {
  await screen.choose("e2e-restored", "Remove");
  await screen.question().getByRole("button", { name: "Remove" }).click();
  await expect.poll(names).not.toContain("e2e-restored");
  await page.getByRole("button", { name: /^Trash/ }).click();
  await screen.dialog().getByRole("button", { name: "Restore e2e-restored" }).click();
  // Its name comes back a moment before its data.
  await screen.dialog().getByRole("button", { name: "Restore e2e-restored" }).waitFor({ state: "detached" });
  await screen.toast("e2e-restored is back");
  expect(await inside("e2e-restored", "cat 'read me.txt'")).toBe("mine");
  await screen.dialog().getByRole("button", { name: "Measure" }).click();
  await screen
    .dialog()
    .getByText(/2 items, [1-9]/)
    .waitFor();
  await screen
    .dialog()
    .getByRole("button", { name: /^Empty trash/ })
    .click();
  await screen.question().getByRole("button", { name: "Delete" }).click();
  await screen.dialog().getByText("The trash is empty").waitFor();
  expect((await names()).filter((name) => name.startsWith("longshore-"))).toEqual([]);
  await page.keyboard.press("Escape");
});

test("prunes what is ticked and nothing else, after a preview with sizes", async () => {
  await page.getByRole("button", { name: "More for volumes" }).click();
  await page.getByRole("menuitem", { name: "Prune…" }).click();
  await screen.dialog().getByRole("checkbox", { name: "e2e-restored" }).click();
  await screen
    .dialog()
    .getByText(/3 volumes, [1-9]/)
    .waitFor();
  await screen.dialog().getByRole("radio", { name: "Delete for good" }).click();
  await screen.dialog().getByRole("button", { name: "Prune 3" }).click();
  await screen.toast("3 volumes were removed");
  // Protected, and not ticked.
  expect(await names()).toEqual(["e2e-data", "e2e-restored"]);
});

test("several are removed at once, and come back at once", async () => {
  await docker("volume", "create", "e2e-second");
  await screen.row("e2e-second").getByRole("checkbox").click();
  await screen.row("e2e-restored").getByRole("checkbox").click();
  await page.getByRole("toolbar").getByRole("button", { name: "Remove" }).click();
  await screen.question().getByRole("button", { name: "Remove" }).click();
  await screen.toast("2 volumes are in the trash");
  expect(await names()).not.toContain("e2e-second");
  await screen.undo("2 volumes are in the trash");
  // Their names come back a moment before their data.
  await screen.toast("2 volumes are back");
  expect(await names()).toEqual(expect.arrayContaining(["e2e-restored", "e2e-second"]));
  await docker("volume", "rm", "e2e-second");
});

test("a container's anonymous volume comes back from the toast after its removal", async () => {
  await docker(
    "run",
    "-d",
    "--name",
    "e2e-shop",
    "-v",
    "/data",
    "busybox:test",
    "sh",
    "-c",
    "echo paid > /data/orders; sleep 1000",
  );
  const volume = await docker("inspect", "-f", "{{(index .Mounts 0).Name}}", "e2e-shop");
  await page.getByRole("link", { name: "Containers", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "e2e-shop" }).hover();
  await page.getByRole("button", { name: "Remove e2e-shop", exact: true }).click();
  await screen.question().getByRole("checkbox", { name: "Also move its anonymous volumes to the trash" }).click();
  await screen.question().getByRole("button", { name: "Remove" }).click();
  await screen.toast("1 anonymous volume is in the trash");
  expect(await names()).not.toContain(volume);
  await screen.undo("1 anonymous volume is in the trash");
  await screen.toast("1 volume is back");
  expect(await names()).toContain(volume);
  expect(await inside(volume, "cat orders")).toBe("paid");
  await docker("volume", "rm", volume);
  await screen.openVolumes();
});

test("by keyboard alone: from the list into a folder, a new one, and back", async () => {
  await screen.openVolumes();
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "e2e-data", level: 1 }).waitFor();
  await screen.row("sub").waitFor();
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await screen.row("file").waitFor();
  await page.keyboard.press("Alt+ArrowLeft");
  await screen.row("sub").waitFor();
  await page.keyboard.press("Alt+ArrowLeft");
  await page.getByRole("heading", { name: "Volumes", level: 1 }).waitFor();
  const opener = page.getByRole("button", { name: "More for volumes" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await keys.pick(page.getByRole("menuitem", { name: "Prune…" }));
  await screen.dialog().getByRole("checkbox", { name: "e2e-restored" }).waitFor();
  await page.keyboard.press("Escape");
  await screen.dialog().waitFor({ state: "detached" });
  await keys.focused(opener);
});

test("axe finds nothing to complain of, in light and dark, with dialogs open, and with 500 volumes", async () => {
  const created = Array.from({ length: 500 }, (_unused, index) => `many-${String(index).padStart(3, "0")}`);
  const dialogs: Readonly<Record<string, () => Promise<void>>> = {
    create: () => page.getByRole("button", { name: "Create" }).first().click(),
    trash: () => page.getByRole("button", { name: /^Trash/ }).click(),
    async prune() {
      await page.getByRole("button", { name: "More for volumes" }).click();
      await page.getByRole("menuitem", { name: "Prune…" }).click();
      await screen.dialog().getByRole("checkbox", { name: "e2e-restored" }).waitFor();
    },
    clone: () => screen.choose("e2e-restored", "Clone"),
    empty: () => screen.choose("e2e-restored", "Empty"),
    remove: () => screen.choose("e2e-restored", "Remove"),
    export: () => screen.choose("e2e-restored", "Export"),
    import: () => screen.choose("e2e-restored", "Import"),
  };
  await screen.openVolumes();
  for (const [what, show] of Object.entries(dialogs)) {
    await show();
    await screen.dialog().or(screen.question()).waitFor();
    expect(await violationsInThemes(page), what).toEqual([]);
    await page.keyboard.press("Escape");
    await keys.dialogClosed();
  }
  for (const tab of ["Files", "Overview"]) {
    await screen.openFiles("e2e-data");
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel", { name: tab }).waitFor();
    expect(await violationsInThemes(page), tab).toEqual([]);
  }
  await screen.openVolumes();
  const socket = inject("dockerHost").replace("unix://", "");
  for (let at = 0; at < created.length; at += 20) {
    await Promise.all(
      created.slice(at, at + 20).map((name) => postQuickly(socket, "/v1.41/volumes/create", { Name: name })),
    );
  }
  await page.getByRole("status").getByText("502", { exact: true }).waitFor();
  await expect.poll(() => page.getByRole("row").count()).toBeLessThan(60);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("searchbox").fill("many-499");
  await page.getByRole("link", { name: "many-499" }).waitFor();
  await page.getByRole("searchbox").fill("");
  await docker("volume", "rm", ...created);
  await page.getByRole("status").getByText("2", { exact: true }).waitFor();
  expect(seen.problems).toEqual([]);
}, 240_000);

test("no helper stays behind", async () => {
  await app.stop();
  expect(await docker("ps", "-aq", "--filter", "label=com.longshore.helper")).toBe("");
  expect(await docker("images", "-q", "longshore/helper")).toBe("");
  expect((await names()).filter((name) => name.startsWith("longshore-"))).toEqual([]);
});
