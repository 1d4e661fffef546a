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

/** With an engine that is there. */
export const shots: readonly Shot[] = [
  { name: "containers", open: screen("Containers") },
  { name: "containers-narrow", open: screen("Containers"), size: { width: 960, height: 640 } },
  { name: "container-overview", open: tab("Overview") },
  { name: "container-logs", open: tab("Logs") },
  { name: "container-inspect", open: tab("Inspect") },
  { name: "logs", open: screen("Logs") },
  { name: "images", open: screen("Images") },
  { name: "volumes", open: screen("Volumes") },
  { name: "networks", open: screen("Networks") },
  { name: "settings", open: screen("Settings") },
];

/** With none. */
export const shotsWithoutEngine: readonly Shot[] = [{ name: "engine-down", open: screen("Containers") }];
