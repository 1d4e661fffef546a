import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { startApp } from "../fixtures/app.ts";
import { launchBrowser, visit } from "../fixtures/browser.ts";
import { startDocker } from "../fixtures/docker-engine.ts";
import { type Shot, shots, shotsWithoutEngine } from "./shots.ts";
import { furnish } from "./showcase.ts";

const folder = "docs/screenshots";
/** Names of shots; none means all. */
const wanted = new Set(process.argv.slice(2));

async function take(browser: Browser, engine: string, list: readonly Shot[]): Promise<void> {
  const chosen = list.filter(({ name }) => wanted.size === 0 || wanted.has(name));
  if (chosen.length === 0) return;
  const app = await startApp({ engine });
  try {
    const { page } = await visit(browser, app.url);
    for (const { name, open, size = { width: 1280, height: 800 } } of chosen) {
      await page.setViewportSize(size);
      await open(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        // Long enough for what fades in and for the log to fill.
        await page.waitForTimeout(700);
        await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
      }
    }
  } finally {
    await app.stop();
  }
}

mkdirSync(folder, { recursive: true });
const engine = await startDocker();
const browser = await launchBrowser();
try {
  await furnish(engine.docker);
  // Chromium drops what it loads while network cards come and go, and the containers' have only just come.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  await take(browser, engine.host, shots);
  await take(browser, "unix:///var/run/no-such-engine.sock", shotsWithoutEngine);
} finally {
  await browser.close();
  await engine.stop();
}
