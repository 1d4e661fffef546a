import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";

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

async function goTo(path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-machine-"));
  const home = join(folder, "home");
  await damagedImage(home);
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
      expect(await repairs.getByRole("button", { name: verb }).isVisible()).toBe(true);
    }
    expect(await repairs.textContent()).toContain("Images, containers and volumes stay.");
    const steps = machine.getByRole("region", { name: "Steps of the start" }).getByRole("listitem");
    expect(await steps.first().textContent()).toMatch(/Guest image\s*failed/);
  });

  test("is told once: by the machine, not by the banner of the engine too", async () => {
    expect(await page.getByText("No engine is connected").count()).toBe(0);
    const bar = page.getByRole("contentinfo");
    expect(await bar.getByRole("button", { name: "Machine: Needs repair" }).isVisible()).toBe(true);
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
    expect(await menu.getByRole("menuitem", { name: "Suspend machine" }).getAttribute("aria-disabled")).toBe("true");
    expect(
      await menu.getByRole("menuitem", { name: "Start machine", exact: true }).getAttribute("aria-disabled"),
    ).toBeNull();
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
    expect(await changes.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/Memory\s+2 GiB\s+1.5 GiB/),
      expect.stringMatching(/Access to this computer\s+off\s+on/),
    ]);
    await changes.getByRole("button", { name: "Apply" }).click();
    await changes.waitFor({ state: "detached" });
    await page.reload();
    await page.getByLabel("Memory in GiB").waitFor();
    expect(await page.getByLabel("Memory in GiB").inputValue()).toBe("1.5");
  });

  test("are not applied while one of them is wrong", async () => {
    await page.getByLabel("CPUs").fill("0");
    expect(await page.getByText(/A whole number from 1 to \d+\./).isVisible()).toBe(true);
    const apply = page.getByRole("region", { name: "Changes" }).getByRole("button", { name: "Apply" });
    expect(await apply.getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("button", { name: "Discard" }).click();
    expect(await page.getByLabel("CPUs").inputValue()).toBe("2");
  });

  test("have a line for other tools, and nothing to reset before there is a disk", async () => {
    expect(await page.getByText(/^export DOCKER_HOST='unix:\/\/.*docker\.sock'$/).isVisible()).toBe(true);
    const reset = page.getByRole("button", { name: "Reset…" });
    expect(await reset.getAttribute("aria-disabled")).toBe("true");
    expect(await reset.getAttribute("data-tip")).toContain("no data disk yet");
  });
});
