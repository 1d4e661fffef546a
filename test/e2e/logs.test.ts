import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { contract, createClient } from "#contract";
import { startApp } from "../fixtures/app.ts";
import { LogPage } from "../fixtures/log-page.ts";
import { connectAsPage } from "../fixtures/rpc-client.ts";
import { windowsOf } from "../fixtures/screen.ts";

// Each line is written in two pieces, cut inside a character, ten lines a second.
const halves = String.raw`i=0; while [ $i -lt 40 ]; do
  printf 'line %s \360\237' $i; usleep 40000; printf '\232\242 \346\227\245\346\234'; usleep 20000; printf '\254\350\252\236\n'
  printf 'error %s \303' $i >&2; usleep 40000; printf '\251\n' >&2
  i=$((i+1)); done; sleep 6000`;
/** Without end; started once more, only a few, which stay in sight. */
const ticks =
  "n=1000000; [ -e /again ] && n=20; touch /again; i=0; while [ $i -lt $n ]; do echo tick $i; i=$((i+1)); usleep 20000; done; sleep 6000";

let log: LogPage;

beforeAll(async () => {
  log = await LogPage.start(inject("dockerHost"));
});
afterAll(() => log?.stop());

test("live lines equal docker logs byte for byte, on both streams", async () => {
  await log.run("talker", halves);
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
  expect(`${await log.docker("logs", "talker")}\n`).toBe(seen[1]);
});

test("the screen follows, releases when scrolled up, and comes back to the latest", async () => {
  const { page } = log;
  await log.run("counter", ticks);
  await log.show("counter");
  await page
    .getByText(/^tick \d{3,}$/)
    .last()
    .waitFor();
  await page.getByLabel("Log of counter").hover();
  await page.mouse.wheel(0, -600);
  const jump = page.getByRole("button", { name: /Jump to latest/ });
  await jump.waitFor();
  const newLines = async (): Promise<number> => {
    const [, count = ""] = /([\d,]+) new/.exec((await jump.textContent()) ?? "") ?? [];
    return Number(count.replaceAll(",", ""));
  };
  await expect.poll(newLines).toBeGreaterThan(0);
  let before: string[] = [];
  // The wheel may still be turning.
  const isStill = async (): Promise<boolean> => {
    const last = before.join();
    before = await log.texts();
    return before.join() === last;
  };
  await expect.poll(isStill).toBe(true);
  const news = await newLines();
  await expect.poll(newLines).toBeGreaterThan(news + 10);
  // New lines come below, and what one reads stands still.
  expect((await log.texts()).slice(0, 10)).toEqual(before.slice(0, 10));
  await jump.click();
  await jump.waitFor({ state: "hidden" });
  await expect.poll(async () => (await log.texts()).at(-1)).not.toBe(before.at(-1));
});

test("a selection holds its text while lines come and rows are used again, and is copied clean", async () => {
  const { page } = log;
  await page.getByRole("button", { name: "Follow" }).click();
  await page.getByRole("button", { name: /Jump to latest/ }).waitFor();
  const selected = (await log.texts())[12] ?? "";
  await page.getByText(selected, { exact: true }).dblclick({ position: { x: 4, y: 6 } });
  await page.mouse.wheel(0, 5000);
  await expect.poll(() => log.texts()).not.toContain(selected);
  await page.keyboard.press("Control+c");
  await expect.poll(() => log.clipboard()).toMatch(/^tick ?$/);
});

test("a stop and a start are shown as such, and the log goes on", async () => {
  const { page } = log;
  await page.getByLabel("Log of counter").focus();
  await page.keyboard.press("End");
  await log.docker("kill", "counter");
  await page.getByText("Stopped with exit code 137").first().waitFor();
  await log.docker("start", "counter");
  await page.getByText("Started", { exact: true }).first().waitFor();
  await page.getByText("tick 0", { exact: true }).last().waitFor();
});

test("a container that is removed while its log is open leaves its lines", async () => {
  const { page } = log;
  await page
    .getByText(/^tick 1\d$/)
    .first()
    .waitFor();
  await log.docker("rm", "-f", "counter");
  await page.getByText("Removed", { exact: true }).first().waitFor();
  await page.getByText("The container is gone").waitFor();
  expect((await log.texts()).some((text) => text.startsWith("tick "))).toBe(true);
});

test("older lines are paged in, everything is loaded, and both ends are reached by key", async () => {
  const { page } = log;
  await log.ran("deep", "seq 1 60000 | sed 's/^/line number /'");
  await log.show("deep");
  await page.getByText("line number 60000").waitFor();
  await page.getByLabel("Log of deep").focus();
  await page.keyboard.press("Home");
  await expect.poll(async () => (await page.getByText(/^[\d,]+ lines$/).textContent()) ?? "").not.toMatch(/^10,00/);
  await page.getByRole("button", { name: "Load everything" }).click();
  await page.getByText("From the first line").waitFor();
  await page.getByLabel("Log of deep").focus();
  await page.keyboard.press("Home");
  await page.getByText("line number 1", { exact: true }).waitFor();
  await page.keyboard.press("PageDown");
  await page.getByText("line number 1", { exact: true }).waitFor({ state: "hidden" });
  await page.keyboard.press("End");
  await page.getByText("line number 60000").waitFor();
  expect((await log.texts()).length).toBeLessThan(80);
});

test("all lines are copied and downloaded as docker logs has them", async () => {
  const { page } = log;
  const expected = await log.docker("logs", "deep");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Copy all shown lines" }).click();
  await page.getByText("Copied 60,000 lines").waitFor();
  expect(await log.clipboard()).toBe(expected);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Download…" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("deep.log");
  expect((await readFile(await download.path(), "utf8")).trimEnd()).toBe(expected);
});

test("a cleared view hides, and deletes nothing", async () => {
  const { page } = log;
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Clear view" }).click();
  await page.getByText("The view is cleared").waitFor();
  await page.getByRole("button", { name: "Show the lines again" }).first().click();
  await page.getByText("line number 60000").waitFor();
});

test("a long line is cut, and shown whole when asked for", async () => {
  const { page } = log;
  await log.ran("long", "head -c 90000 /dev/zero | tr '\\0' x; echo; echo after");
  await log.show("long");
  await page.getByText("after", { exact: true }).waitFor();
  const line = page.locator("[data-at]", { hasText: /^x+$/ });
  await expect.poll(async () => (await line.textContent())?.length).toBe(8192);
  await page.getByRole("button", { name: /Show all/ }).click();
  await expect.poll(async () => (await line.textContent())?.length).toBe(90_000);
});

test("a log that cannot be read says why and what to change", async () => {
  await log.run("mute", "sleep 6000", "--log-driver", "none");
  await log.goTo("/containers/mute/logs");
  await log.page.getByText(/log driver "none".*json-file/).waitFor();
});

test("log sizes warn of what grows without end", async () => {
  const { page } = log;
  await log.run("bounded", "echo hi; sleep 6000", "--log-opt", "max-size=10m", "--log-opt", "max-file=3");
  await log.show("deep");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Log sizes…" }).click();
  const dialog = windowsOf(page, "dialog");
  await dialog.getByRole("row", { name: /deep json-file .*MB.*grows without end/ }).waitFor();
  await dialog.getByRole("row", { name: /bounded json-file .*3 × 10m/ }).waitFor();
  await page.keyboard.press("Escape");
  expect(log.open.problems).toEqual([]);
});
