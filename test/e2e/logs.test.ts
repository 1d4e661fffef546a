import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { contract, createClient } from "#contract";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";

const docker = dockerCli(inject("dockerHost"));

// Each line is written in two pieces, cut inside a character, ten lines a second.
const halves = String.raw`i=0; while [ $i -lt 40 ]; do
  printf 'line %s \360\237' $i; usleep 40000; printf '\232\242 \346\227\245\346\234'; usleep 20000; printf '\254\350\252\236\n'
  printf 'error %s \303' $i >&2; usleep 40000; printf '\251\n' >&2
  i=$((i+1)); done; sleep 6000`;

let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ engine: inject("dockerHost") }), launchBrowser()]);
  open = await visit(browser, app.url);
  page = open.page;
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.stop();
  const ids = await docker("ps", "-aq");
  if (ids) await docker("rm", "-f", ...ids.split("\n"));
});

test("live lines equal docker logs byte for byte, on both streams", async () => {
  await docker("run", "-d", "--name", "talker", "busybox:test", "sh", "-c", halves);
  const second = await startApp({ engine: inject("dockerHost") });
  const session = await connectAsPage(second.url);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const seen = { 1: "", 2: "" };
  try {
    const input = { id: "talker", tail: 1000, follow: true };
    for await (const item of createClient(contract, session.port).logs.tail(input)) {
      if (item.kind !== "lines") continue;
      let start = 0;
      for (const [index, end] of item.ends.entries()) {
        const source = item.sources[index] ?? 1;
        // A whole line is valid on its own: no character was cut.
        seen[source] += `${decoder.decode(item.bytes.subarray(start, end))}\n`;
        start = end;
      }
      if (seen[1].includes("line 39") && seen[2].includes("error 39")) break;
    }
  } finally {
    session.close();
    await second.stop();
  }
  const expected = Array.from({ length: 40 }, (_, index) => index);
  expect(seen[1]).toBe(expected.map((index) => `line ${index} 🚢 日本語\n`).join(""));
  expect(seen[2]).toBe(expected.map((index) => `error ${index} é\n`).join(""));
  expect(`${await docker("logs", "talker")}\n`).toBe(seen[1]);
});

test("the screen follows, releases when scrolled up, and comes back to the latest", async () => {
  await docker(
    "run",
    "-d",
    "--name",
    "counter",
    "busybox:test",
    "sh",
    "-c",
    "i=0; while :; do echo tick $i; i=$((i+1)); usleep 20000; done",
  );
  await page.getByRole("link", { name: "counter", exact: true }).click();
  await page.getByRole("tab", { name: "Logs" }).click();
  await page
    .getByText(/^tick 1\d\d$/)
    .last()
    .waitFor({ timeout: 20_000 });
  const log = page.getByRole("log").or(page.getByLabel("Log of counter")).first();
  await log.hover();
  await page.mouse.wheel(0, -600);
  const jump = page.getByRole("button", { name: /Jump to latest/ });
  await jump.waitFor();
  await expect.poll(() => jump.textContent()).toMatch(/\d+ new/);
  await jump.click();
  await jump.waitFor({ state: "hidden" });
  expect(open.problems).toEqual([]);
});

test("a stop and a start are shown as such, and the log goes on", async () => {
  await docker("stop", "-t", "0", "counter");
  await page.getByText("The container stopped").first().waitFor({ timeout: 5000 });
  await docker("start", "counter");
  await page.getByText("The container was started again").first().waitFor({ timeout: 5000 });
  await page.getByText("tick 0", { exact: true }).last().waitFor({ timeout: 5000 });
});
