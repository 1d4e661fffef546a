import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser } from "../fixtures/browser.ts";

// Chromium drops what it is loading when a network card comes or goes. Here single requests are dropped in its place.

let app: App;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ engine: inject("dockerHost") }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** Opens a fresh browser profile in which the first requests for some files never arrive. */
async function visitWithCuts(cuts: RegExp, times: number) {
  const cut: string[] = [];
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(cuts, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (cut.filter((one) => one === path).length >= times) return route.continue();
    cut.push(path);
    return route.abort("internetdisconnected");
  });
  return { page, cut, close: () => context.close() };
}

test.each([
  ["the style sheet cut twice", 2, /\.css$/],
  ["the main script cut twice", 2, /assets\/index-[^/]*\.js$/],
  ["every script cut once", 1, /\.js$/],
  ["the sign-in cut twice", 2, /\/session$/],
])("with %s, the page comes all the same", async (_what, times, cuts) => {
  const second = await startApp({ engine: inject("dockerHost") });
  const { page, cut, close } = await visitWithCuts(cuts, times);
  try {
    await page.goto(second.url);
    await page.getByRole("heading", { level: 1, name: "Containers" }).waitFor();
    await page.getByRole("contentinfo", { name: "Status" }).getByText("Connected", { exact: true }).waitFor();
    expect(cut.length).toBeGreaterThanOrEqual(times);
    // The style sheet holds: nothing of the page is hidden, and the canvas has its colour.
    const { hidden, background } = await page.evaluate(() => ({
      hidden: document.documentElement.hidden,
      background: getComputedStyle(document.body).backgroundColor,
    }));
    expect(hidden).toBe(false);
    expect(background).not.toBe("rgba(0, 0, 0, 0)");
  } finally {
    await close();
    await second.stop();
  }
});

test("with a screen's own script cut twice, the screen comes all the same", async () => {
  const { page, cut, close } = await visitWithCuts(/settings-screen-[^/]*\.js$/, 2);
  try {
    await page.goto(app.url);
    await page.getByRole("link", { name: "Settings", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    expect(cut).toHaveLength(2);
  } finally {
    await close();
  }
});

test("where a script never arrives, the page says so and offers to load again", async () => {
  const second = await startApp({ engine: inject("dockerHost") });
  const { page, close } = await visitWithCuts(/assets\/index-[^/]*\.js$/, 1000);
  try {
    await page.goto(second.url);
    await page.getByText("could not be loaded").waitFor();
    await page.unroute(/assets\/index-[^/]*\.js$/);
    await page.getByRole("button", { name: "Load again" }).click();
    await page.getByRole("heading", { level: 1, name: "Containers" }).waitFor();
    await page.getByRole("contentinfo", { name: "Status" }).getByText("Connected", { exact: true }).waitFor();
  } finally {
    await close();
    await second.stop();
  }
});
