import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violationsInThemes } from "../fixtures/axe.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { type DockerEngine, startDocker } from "../fixtures/docker-engine.ts";
import { dialogOf, furnishImages, type ImageStage, imageScenes } from "../fixtures/image-scenes.ts";
import { type Keys, keysOf } from "../fixtures/keys.ts";
import { loadManyImages } from "../fixtures/many-images.ts";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { importTestImage } from "../fixtures/test-image.ts";

// An engine of this suite's own: it is empty at first, and holds 500 images then.
let engine: DockerEngine;
let registry: TestRegistry;
let browser: Browser;
let app: App;
let visitor: Visit;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "longshore-screens-"));
  [engine, registry, browser] = await Promise.all([startDocker(), startRegistry(), launchBrowser()]);
  await engine.docker("rmi", "busybox:test");
  app = await startApp({ engine: engine.host, home: join(folder, "home"), env: { DOCKER_CONFIG: folder } });
  visitor = await visit(browser, app.url);
  ({ page } = visitor);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await registry?.stop();
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function expectClean(): Promise<void> {
  expect(await violationsInThemes(page)).toEqual([]);
}

test("an engine without images: one sentence, one action, and no violation in either theme", async () => {
  await page.getByRole("link", { name: "Images", exact: true }).click();
  await page.getByText("No images yet").waitFor();
  await expectClean();
  await page.getByRole("link", { name: "Builds", exact: true }).click();
  await page.getByText("No builds yet").waitFor();
  await expectClean();
});

describe("furnished", () => {
  let stage: ImageStage;

  beforeAll(async () => {
    await importTestImage(engine.docker);
    stage = { page, ...(await furnishImages(engine.docker, { registry: registry.address, folder })) };
  });

  test.each(imageScenes)("$name has no violation in either theme", async ({ open }) => {
    await open(stage);
    await expectClean();
  });
});

describe("by the keys alone", () => {
  let keys: Keys;

  beforeAll(() => {
    keys = keysOf(page);
  });

  test("pull, run, tag and remove", async () => {
    const reference = `${registry.address}/team/webby:1`;
    await engine.docker("rmi", reference, "webby:2");
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("link", { name: "Images", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("table", { name: "Images" }).waitFor();
    await keys.press(/^Pull$/);
    await keys.inDialog();
    await keys.type(reference);
    await page.keyboard.press("Enter");
    await expect.poll(() => engine.docker("images", "-q", reference)).not.toBe("");

    await keys.choose(reference, "Run");
    await keys.inDialog();
    await keys.tabTo(/^Name/);
    await keys.type("by-keys");
    await page.keyboard.press("Enter");
    await dialogOf(page)
      .getByRole("button", { name: /^Open in browser/ })
      .waitFor();
    expect(await engine.docker("ps", "-q", "--filter", "name=by-keys")).not.toBe("");
    await page.keyboard.press("Escape");
    await engine.docker("rm", "-f", "by-keys");

    await keys.choose(reference, "Tag");
    await keys.inDialog();
    await keys.type("by/keys:2");
    await page.keyboard.press("Enter");
    await expect.poll(() => engine.docker("images", "-q", "by/keys:2")).not.toBe("");

    await keys.choose("by/keys:2", "Remove");
    await keys.inDialog();
    // Focus begins on Cancel: Enter alone must not destroy.
    await page.keyboard.press("Enter");
    await keys.dialogClosed();
    expect(await engine.docker("images", "-q", "by/keys:2")).not.toBe("");
    await keys.choose("by/keys:2", "Remove");
    await keys.inDialog();
    await keys.press(/^Remove$/);
    await expect.poll(() => engine.docker("images", "-q", "by/keys:2")).toBe("");
    await keys.dialogClosed();
  });

  test("500 images: the last row is two keys away, and no violation in either theme", async () => {
    await loadManyImages(engine.docker, 500);
    await keys.search("many/");
    await page.getByText(/500 of/).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await keys.focused(page.getByRole("row").filter({ hasText: "many/image-0499" }));
    await expectClean();
    expect(visitor.problems).toEqual([]);
  });
});
