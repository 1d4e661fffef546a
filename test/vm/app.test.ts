import { execFile } from "node:child_process";
import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { hypervisorPid, machineHome, openMachine } from "../fixtures/machine.ts";
import { fetchText } from "../fixtures/published-port.ts";
import { sharedMachine } from "../fixtures/shared-machine.ts";
import { importTestImage } from "../fixtures/test-image.ts";

const run = promisify(execFile);
const proxy = "http://proxy.test:3128";

let home: Awaited<ReturnType<typeof machineHome>>;
let app: App;
let browser: Browser;
let page: Page;
let docker: DockerCli;
/** Something on this computer's loopback, which these settings let containers reach. */
let local: Server;

/** A home in which nothing was started yet, with settings that open what is closed by default. */
beforeAll(async () => {
  // Two emulated machines on two processors would only wait for each other.
  await sharedMachine().suspend();
  home = await machineHome("a new home");
  const machine = await openMachine(home.home);
  const { settings } = await machine.view();
  const manual = { mode: "manual", http: proxy, https: proxy, no: "localhost,.test" } as const;
  await machine.applySettings({ ...settings, hostAccess: true, proxy: manual, onQuit: "leave" });
  await machine.close("leave");
  local = createServer((_request, answer) => answer.end("from the host"));
  await new Promise<void>((resolve) => local.listen(0, "127.0.0.1", resolve));
  docker = dockerCli(`unix://${home.home}/docker.sock`);
  app = await startApp({ engine: "vm", home: home.home, env: { DOCKER_CONFIG: `${home.home}/docker-config` } });
  browser = await launchBrowser();
  ({ page } = await visit(browser, app.url));
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  local?.close();
  if (!home) return;
  const machine = await openMachine(home.home);
  await machine.close("stop");
  await home.remove();
});

/** Under emulation, on a computer that does other things beside. */
const startTimeoutMs = 240_000;

const machineRegion = () => page.getByRole("region", { name: "Machine", exact: true });
const bar = () => page.getByRole("contentinfo");
const state = (name: string) => bar().getByRole("button", { name: `Machine: ${name}` });
const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

async function choose(verb: string): Promise<void> {
  await bar()
    .getByRole("button", { name: /^Machine: / })
    .click();
  await page.getByRole("menuitem", { name: `${verb} machine`, exact: true }).click();
}

describe("a machine that was never started", () => {
  test("shows which step its start is at, with the guest's console, and then its containers", async () => {
    const steps = machineRegion().getByRole("region", { name: "Steps of the start" }).getByRole("listitem");
    await steps.filter({ hasText: /Linux kernel\s*done/ }).waitFor({ timeout: startTimeoutMs });
    const waited = steps.and(page.locator("[aria-current=step]"));
    await expect.poll(() => waited.allTextContents()).toEqual([expect.stringMatching(/At most \d/)]);
    await steps.filter({ hasText: /Guest image\s*done/ }).waitFor();
    await steps.filter({ hasText: /Hypervisor.*QEMU \d+/ }).waitFor();
    await machineRegion().getByText("longshore: step").first().waitFor();
    await state("Running").waitFor({ timeout: startTimeoutMs });
    await page.getByRole("heading", { level: 1, name: "Containers" }).waitFor();
  });

  test("has a Containers screen that works", async () => {
    await importTestImage(docker);
    await docker("run", "-d", "--name", "by-cli", "--stop-signal", "KILL", "busybox:test", "sleep", "1000");
    await row("by-cli").getByText("Running").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Stop by-cli", exact: true }).click();
    await row("by-cli").getByText("Exited").waitFor({ timeout: 30_000 });
    expect(await docker("inspect", "--format", "{{.State.Status}}", "by-cli")).toBe("exited");
    await docker("rm", "by-cli");
    await row("by-cli").waitFor({ state: "detached" });
  });
});

describe("settings of the network", () => {
  test("let containers reach this computer by the name host.docker.internal", async () => {
    const { port } = local.address() as AddressInfo;
    const url = `http://host.docker.internal:${port}/`;
    expect(await docker("run", "--rm", "busybox:test", "wget", "-q", "-O-", url)).toBe("from the host");
  });

  test("hand the proxy on to the engine", async () => {
    const format = "{{.HTTPProxy}} {{.HTTPSProxy}} {{.NoProxy}}";
    expect(await docker("info", "--format", format)).toBe(`${proxy} ${proxy} localhost,.test`);
  });

  test("leave other names to the resolver of this computer", async () => {
    const name = "deb.debian.org";
    // A name of several addresses may be answered with some of them, in any order.
    const known = async (): Promise<boolean> => {
      const addresses = await lookup(name, { family: 4, all: true });
      const said = await docker("run", "--rm", "busybox:test", "nslookup", name);
      return addresses.some(({ address }) => said.includes(address));
    };
    await expect.poll(known).toBe(true);
  });
});

test("ten containers run on over a suspend, with ports, clock and an open log", async () => {
  const ports = Array.from({ length: 10 }, (_, index) => 28100 + index);
  const serve =
    "mkdir /w; hostname >/w/index.html; httpd -p 80 -h /w; i=0; while :; do echo tick $i; i=$((i+1)); sleep 0.5; done";
  const start = (port: number) => {
    const name = `ten-${port}`;
    const options = ["-d", "--name", name, "--hostname", name, "--stop-signal", "KILL", "-p", `${port}:80`];
    return docker("run", ...options, "busybox:test", "sh", "-c", serve);
  };
  await Promise.all(ports.map(start));
  await page.getByRole("link", { name: "ten-28100", exact: true }).click();
  await page.getByRole("tab", { name: "Logs" }).click();
  const ticks = async (): Promise<number> => {
    const lines = await page.getByText(/^tick \d+$/).allInnerTexts();
    return Math.max(-1, ...lines.map((line) => Number(line.slice("tick ".length))));
  };
  await expect.poll(ticks).toBeGreaterThan(0);
  const startedAt = () =>
    docker("inspect", "--format", "{{.State.StartedAt}} {{.RestartCount}}", ...ports.map((port) => `ten-${port}`));
  const before = await startedAt();
  const hypervisor = await hypervisorPid(home.home);

  await choose("Suspend");
  await state("Suspended").waitFor({ timeout: 120_000 });
  await expect.poll(() => existsSync(`/proc/${hypervisor}`)).toBe(false);
  // Long enough for the clock to be wrong unless somebody sets it.
  await page.waitForTimeout(5_000);

  // The request wakes it and waits; it is not refused.
  expect((await docker("ps", "-q")).split("\n")).toHaveLength(10);
  await state("Running").waitFor({ timeout: 120_000 });
  expect(await startedAt()).toBe(before);
  for (const port of ports) expect(await fetchText(port)).toBe(`ten-${port}\n`);
  const [earliest, guestSeconds, latest] = [
    Date.now() / 1000,
    Number(await docker("exec", "ten-28101", "date", "+%s")),
    Date.now() / 1000,
  ];
  // A clock that nobody set would lag by all the time of the suspend.
  expect(guestSeconds).toBeGreaterThan(earliest - 4);
  expect(guestSeconds).toBeLessThan(latest + 4);
  const count = Number((await docker("logs", "--tail", "1", "ten-28100")).slice("tick ".length));
  await expect.poll(ticks).toBeGreaterThan(count);
  await docker("rm", "-f", ...ports.map((port) => `ten-${port}`));
}, 300_000);

test("a machine that hangs says so and what can be done, and one button brings it back", async () => {
  const pid = await hypervisorPid(home.home);
  process.kill(pid, "SIGSTOP");
  await machineRegion().getByText("The machine does not answer.").waitFor({ timeout: 90_000 });
  expect(await machineRegion().getByRole("alert").textContent()).toContain("Its hypervisor is stopped or hangs");
  await machineRegion().getByRole("button", { name: "Start again" }).click();
  await state("Running").waitFor({ timeout: startTimeoutMs });
  expect(await hypervisorPid(home.home)).not.toBe(pid);
});

test("the app listens on nothing but its own loopback port", async () => {
  const { stdout } = await run("ss", ["-ltnpH"]);
  const own = stdout.split("\n").filter((line) => line.includes(`pid=${app.pid},`));
  expect(own.map((line) => line.trim().split(/\s+/)[3])).toEqual([new URL(app.url).host]);
});
