import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { type FrameTimes, framesDuring, startFrames, takeFrames } from "./frames.ts";
import { type Bench, type BenchResult, median, medianOf, round, timed } from "./statistics.ts";

/** Lines as a web server writes them, 108 bytes on average with their break. */
const lineText =
  "2026-11-26T13:45:02.123Z INFO request served path=/api/v1/items status=200 agent=curl/8.9 bytes=4096 n=";

/** Five million lines are more than the default allows; what is measured is the window, not the eviction. */
const ample = { logMemoryMiB: 2048 };

async function withApp<T>(
  engine: DockerEngine,
  settings: { logMemoryMiB: number },
  work: (page: Page, app: App) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), "longshore-bench-"));
  await writeFile(join(home, "settings.json"), JSON.stringify({ version: 1, ...settings }));
  const app = await startApp({ engine: engine.host, home });
  const browser = await launchBrowser();
  try {
    const { page } = await visit(browser, app.url);
    page.setDefaultTimeout(120_000);
    await page.getByRole("table").waitFor();
    return await work(page, app);
  } finally {
    await browser.close();
    await app.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function withLog<T>(lines: number, work: (engine: DockerEngine) => Promise<T>): Promise<T> {
  const engine = await startDocker();
  try {
    const script = `seq 1 ${lines} | sed 's|^|${lineText}|'`;
    await engine.docker("run", "-d", "--net=none", "--name", "big", "busybox:test", "sh", "-c", script);
    await engine.docker("wait", "big");
    return await work(engine);
  } finally {
    await engine.stop();
  }
}

const goTo = (page: Page, hash: string): Promise<void> =>
  page.evaluate((next) => {
    location.hash = next;
  }, hash);

/** From the click on the tab to the frame in which the last line is painted. */
async function openLog(page: Page, last: string): Promise<number> {
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.locator("[data-at]").first().waitFor({ state: "detached" });
  return page.evaluate(async (wanted) => {
    const startedAt = performance.now();
    [...document.querySelectorAll<HTMLElement>("[role=tab]")]
      .find(({ textContent }) => textContent === "Logs")
      ?.click();
    const isThere = (): boolean =>
      [...document.querySelectorAll("[data-at]")].some(({ textContent }) => textContent?.endsWith(wanted));
    while (!isThere()) await new Promise(requestAnimationFrame);
    return performance.now() - startedAt;
  }, last);
}

async function firstPaintOf(lines: number): Promise<BenchResult> {
  return withLog(lines, (engine) =>
    withApp(engine, ample, async (page) => {
      await goTo(page, "/containers/big/logs");
      await page.locator("[data-at]").first().waitFor();
      const ours = await medianOf(7, () => openLog(page, `n=${lines}`));
      const cli = await medianOf(7, () => timed(() => tailToNowhere(engine)));
      const note = `${round(ours)} ms from the click to the painted line, against ${round(cli)} ms`;
      return { value: round(ours / cli), unit: "x docker logs --tail 10000", holds: ours <= 1.5 * cli, note };
    }),
  );
}

async function tailToNowhere(engine: DockerEngine): Promise<void> {
  const child = spawn("docker", ["-H", engine.host, "logs", "--tail", "10000", "big"], { stdio: "ignore" });
  await once(child, "exit");
}

/** About twenty thousand lines a second: bursts of 200, as many as fit. */
const liveWriter = `i=0; while [ $i -lt 200 ]; do echo '${lineText}'$i; i=$((i+1)); done > /tmp/burst
while :; do cat /tmp/burst; usleep 7600; done`;

/** How old the newest painted line is, frame by frame, for some seconds. */
async function ages(page: Page, forMs: number): Promise<number[]> {
  return page.evaluate(async (duration) => {
    const seen: number[] = [];
    const day = 86_400_000;
    let before = "";
    const end = performance.now() + duration;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      const text = [...document.querySelectorAll("[data-row]")].at(-1)?.textContent ?? "";
      const match = /(\d\d):(\d\d):(\d\d)\.(\d{3})/.exec(text);
      if (!match || match[0] === before) continue;
      before = match[0];
      const [, h, m, s, ms] = match.map(Number);
      const at = (((h ?? 0) * 60 + (m ?? 0)) * 60 + (s ?? 0)) * 1000 + (ms ?? 0);
      seen.push((((Date.now() % day) - at + day + day / 2) % day) - day / 2);
    }
    return seen;
  }, forMs);
}

async function showTimes(page: Page): Promise<void> {
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitemradio", { name: "UTC" }).click();
  await page.keyboard.press("Escape");
}

const describeFrames = ({ perSecond, p95Ms, longestMs }: FrameTimes): string =>
  `${round(perSecond)} frames/s, p95 ${round(p95Ms)} ms, longest ${round(longestMs)} ms`;

async function liveLines(): Promise<BenchResult> {
  const engine = await startDocker();
  try {
    await engine.docker("run", "-d", "--net=none", "--name", "live", "busybox:test", "sh", "-c", liveWriter);
    return await withApp(engine, ample, async (page) => {
      await goTo(page, "/containers/live/logs");
      await showTimes(page);
      await page.waitForTimeout(3000);
      const since = Date.now();
      await startFrames(page);
      const seen = await ages(page, 10_000);
      const frames = await takeFrames(page);
      const tookS = (Date.now() - since) / 1000;
      const lines = (await engine.docker("logs", "--since", new Date(since).toISOString(), "live")).split("\n").length;
      const age = median(seen);
      const rate = lines / tookS;
      const holds = frames.perSecond >= 58 && frames.p95Ms <= 20 && age <= 100;
      const note = `${describeFrames(frames)}; last line ${round(age)} ms old; about ${round(rate)} lines/s`;
      return { value: round(frames.perSecond), unit: "frames/s", holds, note };
    });
  } finally {
    await engine.stop();
  }
}

async function scrollAndJump(): Promise<BenchResult> {
  const lines = 5_000_000;
  return withLog(lines, (engine) =>
    withApp(engine, ample, async (page) => {
      await goTo(page, "/containers/big/logs");
      await page.locator("[data-at]").first().waitFor();
      await page.getByRole("button", { name: "Load everything" }).click();
      await page.getByText("From the first line").waitFor();
      await page.getByLabel("Log of big").hover();
      const scrolling = await framesDuring(page, async () => {
        for (let step = 0; step < 150; step += 1) await page.mouse.wheel(0, step % 50 < 40 ? -700 : 700);
      });
      const jumping = await framesDuring(page, async () => {
        await page.evaluate(async () => {
          const scroller = document.querySelector(".log-scroller");
          for (let jump = 0; scroller && jump < 60; jump += 1) {
            scroller.scrollTop = ((jump * 7919) % 1000) * 0.001 * scroller.scrollHeight;
            await new Promise((resolve) => setTimeout(resolve, 60));
          }
        });
      });
      const least = Math.min(scrolling.perSecond, jumping.perSecond);
      const note = `scroll: ${describeFrames(scrolling)}; jump: ${describeFrames(jumping)}`;
      return { value: round(least), unit: "frames/s", holds: least >= 58, note };
    }),
  );
}

/** Bytes a second by which the flooding container's file grows. */
async function writeRate(path: string, forMs: number): Promise<number> {
  const before = (await stat(path)).size;
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return ((await stat(path)).size - before) / ((performance.now() - startedAt) / 1000);
}

/** Reads the beginning of a log and then nothing more, as a screen that hangs. */
function stalledReader(engine: DockerEngine): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(engine.socket, () => {
      socket.write("GET /v1.41/containers/flood/logs?follow=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: d\r\n\r\n");
      socket.once("data", () => {
        socket.pause();
        resolve(() => socket.destroy());
      });
    });
    socket.once("error", reject);
  });
}

const residentMb = (pid: number): number =>
  (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024) / 1e6;

/** Small enough to be used up within the minute. */
const floodMemoryMiB = 128;
/** What the app may need beside the lines: buffers of reading, and the heaps of two threads. */
const besidesMb = 192;
const floodMs = 60_000;
const phaseMs = 6000;

async function flood(): Promise<BenchResult> {
  // In memory: a disk would slow the container down by turns, and no two of its rates could be compared.
  const engine = await startDocker({ dir: await mkdtemp("/dev/shm/longshore-") });
  try {
    await engine.docker("run", "-d", "--net=none", "--name", "flood", "busybox:test", "yes", lineText);
    const path = await engine.docker("inspect", "--format", "{{.LogPath}}", "flood");
    return await withApp(engine, { logMemoryMiB: floodMemoryMiB }, async (page, app) => {
      const rates: Record<"closed" | "open" | "stalled", number[]> = { closed: [], open: [], stalled: [] };
      const closed = async (): Promise<void> => {
        await goTo(page, "/containers");
        await page.waitForTimeout(1000);
        await truncate(path);
        rates.closed.push(await writeRate(path, phaseMs));
      };
      await closed();
      const memoryBefore = residentMb(app.pid);
      await goTo(page, "/containers/flood/logs");
      await page.locator("[data-at]").first().waitFor();
      await startFrames(page);
      rates.open.push(await writeRate(path, floodMs));
      const frames = await takeFrames(page);
      const behind = await page
        .getByText(/^Behind by/)
        .textContent({ timeout: 5000 })
        .catch(() => "not said");
      const grownMb = residentMb(app.pid) - memoryBefore;
      await closed();
      const leave = await stalledReader(engine);
      rates.stalled.push(await writeRate(path, phaseMs));
      leave();
      await closed();
      const usual = median(rates.closed);
      const share = (kind: keyof typeof rates): string =>
        rates[kind].map((rate) => `${Math.round((100 * rate) / usual)} %`).join(", ");
      const rated = `rate of the container: closed ${share("closed")} of ${round(usual / 1e6)} MB/s, open ${share("open")}, stalled ${share("stalled")}`;
      const note = `${describeFrames(frames)}; ${behind}; the app grew by ${round(grownMb)} MB with ${floodMemoryMiB} MiB for lines; ${rated}`;
      const isSmall = grownMb <= floodMemoryMiB * 1.05 + besidesMb;
      const holds = frames.perSecond >= 50 && behind !== "not said" && isSmall;
      return { value: round(frames.perSecond), unit: "frames/s", holds, note };
    });
  } finally {
    await engine.stop();
  }
}

export const benches: readonly Bench[] = [
  {
    id: "P3",
    goal: "1M lines: open to painted last line <= 1.5x docker logs --tail 10000",
    run: () => firstPaintOf(1_000_000),
  },
  {
    id: "P3-5M",
    goal: "5M lines, cold: open to painted last line <= 1.5x docker logs --tail 10000",
    run: () => firstPaintOf(5_000_000),
  },
  { id: "P7", goal: "20k lines/s live: >= 58 frames/s, p95 <= 20 ms, last line <= 100 ms old", run: liveLines },
  { id: "P8", goal: "scroll and jump in 5M lines >= 58 frames/s", run: scrollAndJump },
  {
    id: "flood",
    goal: "unlimited writer for 60 s: >= 50 frames/s, memory within the budget, the lag said, the container not delayed",
    run: flood,
  },
];
