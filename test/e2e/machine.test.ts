import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { windowsOf } from "../fixtures/screen.ts";

let folder: string;
let app: App;
let browser: Browser;
let page: Page;

/** A guest image of which only the manifest is there: the start ends at its first step, at once. */
async function damagedImage(home: string): Promise<void> {
  const image = join(home, "images", "damaged");
  await mkdir(image, { recursive: true });
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  const names = [arch === "arm64" ? "Image" : "vmlinux", "initrd.cpio", "root.erofs"];
  const files = names.map((name) => ({ name, sizeBytes: 1, sha256: "0" }));
  const manifest = { imageId: "damaged", arch, kernelCommandLine: "", files };
  await writeFile(join(image, "manifest.json"), JSON.stringify(manifest));
}

const orphan = "data-0rphan01";

/** A data disk that no machine uses: left over from a home that was copied, or from a record that was lost. */
async function leftOverDisk(home: string): Promise<void> {
  await mkdir(join(home, "disks"), { recursive: true });
  const path = join(home, "disks", `${orphan}.raw`);
  await writeFile(path, Buffer.alloc(3_000_000, "data of a container "));
  await truncate(path, 2 ** 31);
}

async function goTo(path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-machine-"));
  const home = join(folder, "home");
  await damagedImage(home);
  await leftOverDisk(home);
  app = await startApp({ engine: "vm", home, env: { DOCKER_CONFIG: join(folder, "docker") } });
  browser = await launchBrowser();
  ({ page } = await visit(browser, app.url));
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a machine whose image is damaged", () => {
  test("says at which step it failed, why, and what each repair does", async () => {
    const machine = page.getByRole("region", { name: "Machine", exact: true });
    await machine.getByText("The start failed at: Guest image").waitFor();
    expect(await machine.getByRole("alert").textContent()).toMatch(/is damaged: .* is missing/);
    const repairs = machine.getByRole("region", { name: "What can be done" });
    for (const verb of ["Start again", "Re-create machine", "Collect diagnostics"]) {
      await repairs.getByRole("button", { name: verb }).waitFor();
    }
    expect(await repairs.textContent()).toContain("Images, containers and volumes stay.");
    const steps = machine.getByRole("region", { name: "Steps of the start" }).getByRole("listitem");
    expect(await steps.first().textContent()).toMatch(/Guest image\s*failed/);
  });

  test("is told once: by the machine, not by the banner of the engine too", async () => {
    expect(await page.getByText("No engine is connected").count()).toBe(0);
    const bar = page.getByRole("contentinfo");
    await bar.getByRole("button", { name: "Machine: Needs repair" }).waitFor();
    expect(await bar.getByText("Disconnected").count()).toBe(0);
  });

  test("leaves a repair that cannot help in the same named state", async () => {
    const again = page.getByRole("button", { name: "Start again" });
    await again.click();
    await again.and(page.locator(":not([aria-busy])")).waitFor();
    await page.getByText("The start failed at: Guest image").waitFor();
  });

  test("collects diagnostics and says where they are", async () => {
    await page.getByRole("button", { name: "Collect diagnostics" }).click();
    await page
      .getByText(/The diagnostics were written to .*diagnostics-.*\.tar/)
      .first()
      .waitFor();
  });

  test("offers in the status bar what can be done, with the reason for what cannot", async () => {
    await page.getByRole("button", { name: "Machine: Needs repair" }).press("Enter");
    const menu = page.getByRole("menu");
    const isOff = (item: string) => () =>
      menu.getByRole("menuitem", { name: item, exact: true }).getAttribute("aria-disabled");
    await expect.poll(isOff("Suspend machine")).toBe("true");
    await expect.poll(isOff("Start machine")).toBeNull();
    await menu.getByRole("menuitem", { name: "Machine settings" }).click();
    await page.getByRole("heading", { name: "Resources" }).waitFor();
  });
});

describe("the settings of a machine", () => {
  test("are changed only by Apply, after the difference was shown", async () => {
    await goTo("/settings/machine");
    await page.getByLabel("Memory in GiB").fill("1.5");
    await page.getByRole("switch", { name: "Containers may reach this computer" }).click();
    const changes = page.getByRole("region", { name: "Changes" });
    await changes.getByText("Access to this computer").waitFor();
    await expect
      .poll(() => changes.getByRole("listitem").allInnerTexts())
      .toEqual([
        expect.stringMatching(/Memory\s+2 GiB\s+1.5 GiB/),
        expect.stringMatching(/Access to this computer\s+off\s+on/),
      ]);
    await changes.getByRole("button", { name: "Apply" }).click();
    await changes.waitFor({ state: "detached" });
    await page.reload();
    await expect.poll(() => page.getByLabel("Memory in GiB").inputValue()).toBe("1.5");
  });

  test("are not applied while one of them is wrong", async () => {
    await page.getByLabel("CPUs").fill("0");
    await page.getByText(/A whole number from 1 to \d+\./).waitFor();
    const apply = page.getByRole("region", { name: "Changes" }).getByRole("button", { name: "Apply" });
    await expect.poll(() => apply.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("button", { name: "Discard" }).click();
    await expect.poll(() => page.getByLabel("CPUs").inputValue()).toBe("2");
  });

  test("have a line for other tools, and nothing to reset before there is a disk", async () => {
    await page.getByText(/^export DOCKER_HOST='unix:\/\/.*docker\.sock'$/).waitFor();
    const reset = page.getByRole("button", { name: "Reset…" });
    await expect.poll(() => reset.getAttribute("aria-disabled")).toBe("true");
    expect(await reset.getAttribute("data-tip")).toContain("no data disk yet");
  });
});

describe("the data of a machine", () => {
  const unused = () => page.getByRole("region", { name: "Unused disks" });
  const disk = (id: string) => unused().getByRole("listitem").filter({ hasText: id });
  const dialog = () => windowsOf(page, "dialog", "alertdialog");
  const files = async (name: string) => (await readdir(join(app.home, name))).filter((file) => file.endsWith(".raw"));

  /** Every byte of two gibibytes is looked at, on a computer that does other things beside. */
  const wholeDiskMs = 60_000;

  /** Notices lie over the end of the page until they go. */
  async function dismissNotices(): Promise<void> {
    const close = page.getByRole("button", { name: "Dismiss" });
    // One may go by itself before it is hit.
    while ((await close.count()) > 0)
      await close
        .first()
        .click({ timeout: 1_000 })
        .catch(() => {});
  }

  async function answer(verb: string, type?: { label: string; text: string }): Promise<void> {
    if (type) {
      await expect.poll(() => dialog().getByRole("button", { name: verb }).getAttribute("aria-disabled")).toBe("true");
      await dialog().getByLabel(type.label).fill(type.text);
    }
    await dialog().getByRole("button", { name: verb, exact: true }).click();
    await dialog().waitFor({ state: "detached" });
  }

  test("shows a disk that was left over, and puts it in", async () => {
    await goTo("/settings/machine");
    await disk(orphan).getByText("Unused", { exact: true }).waitFor();
    await expect.poll(() => disk(orphan).textContent()).toMatch(/3\.00.MB/);
    await disk(orphan).getByRole("button", { name: "Use" }).click();
    await answer("Use");
    await unused().getByText("There are none.").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Reset…" }).getAttribute("aria-disabled")).toBeNull();
  });

  test("goes into one file, and never over another", async () => {
    const path = join(folder, "kept disk, ü.zst");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await dialog().getByLabel("File").fill(path);
    await answer("Export");
    await page.getByText(`The data disk was exported to ${path}.`).first().waitFor({ timeout: wholeDiskMs });
    expect((await stat(path)).size).toBeLessThan(1_000_000);
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await dialog().getByLabel("File").fill(path);
    await answer("Export");
    await page.getByText("exists already. Choose another name.").first().waitFor();
  });

  test("comes back from that file; the disk that was in use waits", async () => {
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await dialog().getByLabel("File").fill(join(folder, "nowhere.zst"));
    await answer("Import");
    await page.getByText("nowhere.zst cannot be read.").first().waitFor();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await dialog().getByLabel("File").fill(join(folder, "kept disk, ü.zst"));
    await answer("Import");
    await page
      .getByText(/^The machine uses the disk of /)
      .first()
      .waitFor({ timeout: wholeDiskMs });
    await disk(orphan).waitFor();
    await expect.poll(() => files("disks")).toHaveLength(2);
  });

  test("is deleted only where the disk's name was typed", async () => {
    await dismissNotices();
    await disk(orphan).getByRole("button", { name: "Delete" }).click();
    await answer("Delete", { label: `Type ${orphan} to confirm`, text: orphan });
    await unused().getByText("There are none.").waitFor();
    await expect.poll(() => files("disks")).toHaveLength(1);
  });

  test("goes to the trash at a reset, for which the name is typed, and says until when", async () => {
    const [inUse = ""] = await files("disks");
    await page.getByRole("button", { name: "Reset…" }).click();
    expect(await dialog().textContent()).toContain("All containers, images, volumes and networks");
    await answer("Reset", { label: "Type longshore to confirm", text: "longshore" });
    const kept = disk(inUse.replace(".raw", ""));
    await kept.getByText("Trash", { exact: true }).waitFor();
    await expect.poll(() => kept.textContent()).toMatch(/Deleted for good/);
    await expect.poll(() => files("disks")).toEqual([]);
    await expect.poll(() => files("trash")).toEqual([inUse]);
  });
});
