import type { Page } from "playwright-core";

export interface Shot {
  /** File name without theme and ending. */
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
  readonly size?: { readonly width: number; readonly height: number };
}

function screen(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
  };
}

function tab(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await screen("Containers")(page);
    await page.getByRole("link", { name: "shop-web-1", exact: true }).click();
    await page.getByRole("tab", { name, exact: true }).click();
  };
}

/** With its lines, and the bars of their times above them. */
function filled(open: (page: Page) => Promise<void>): (page: Page) => Promise<void> {
  return async (page) => {
    await open(page);
    await page.getByRole("img", { name: /^Lines over time\. [\d,]+ lines/ }).waitFor();
  };
}

async function timeline(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = "/logs?project=shop";
  });
  await page.getByRole("button", { name: "Hide shop-web-1" }).waitFor();
}

/** With an engine that is there. */
export const shots: readonly Shot[] = [
  { name: "containers", open: screen("Containers") },
  { name: "containers-narrow", open: screen("Containers"), size: { width: 960, height: 640 } },
  { name: "container-overview", open: tab("Overview") },
  { name: "container-logs", open: filled(tab("Logs")) },
  { name: "container-inspect", open: tab("Inspect") },
  { name: "logs", open: filled(timeline) },
  { name: "logs-narrow", open: filled(timeline), size: { width: 960, height: 640 } },
  { name: "images", open: screen("Images") },
  { name: "volumes", open: screen("Volumes") },
  { name: "networks", open: screen("Networks") },
  { name: "settings", open: screen("Settings") },
];

/** With none. */
export const shotsWithoutEngine: readonly Shot[] = [{ name: "engine-down", open: screen("Containers") }];
