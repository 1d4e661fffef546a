import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { hypervisorPid, machineHome } from "../fixtures/machine.ts";

/** Under emulation, on a computer that does other things beside. */
const startTimeoutMs = 240_000;

describe("the machine on the screen", () => {
  let home: Awaited<ReturnType<typeof machineHome>>;
  let app: App;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    home = await machineHome();
    app = await startApp({ engine: "vm", home: home.home, env: { DOCKER_CONFIG: `${home.home}/docker-config` } });
    browser = await launchBrowser();
    ({ page } = await visit(browser, app.url));
  });

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await home?.remove();
  });

  const machine = () => page.getByRole("region", { name: "Machine", exact: true });
  const containers = () => page.getByRole("heading", { level: 1, name: "Containers" });

  it("says which step its start is at, with the guest's console, and gives way to the screens", async () => {
    const steps = machine().getByRole("region", { name: "Steps of the start" }).getByRole("listitem");
    await steps.filter({ hasText: "Linux kernel" }).filter({ hasText: "done" }).waitFor({ timeout: startTimeoutMs });
    const waited = steps.and(page.locator("[aria-current=step]"));
    expect(await waited.count()).toBe(1);
    expect(await waited.textContent()).toMatch(/At most \d/);
    expect(await steps.filter({ hasText: "Hypervisor" }).textContent()).toMatch(/QEMU \d+/);
    await machine().getByText("longshore: step").first().waitFor();
    await containers().waitFor({ timeout: startTimeoutMs });
  });

  it("says that it hangs and what can be done, and one button brings it back", async () => {
    const pid = await hypervisorPid(home.home);
    process.kill(pid, "SIGSTOP");
    await machine().getByText("The machine does not answer.").waitFor({ timeout: 90_000 });
    expect(await machine().getByRole("alert").textContent()).toContain("Its hypervisor is stopped or hangs");
    await machine().getByRole("button", { name: "Start again" }).click();
    await containers().waitFor({ timeout: startTimeoutMs });
    expect(await hypervisorPid(home.home)).not.toBe(pid);
  });
});
