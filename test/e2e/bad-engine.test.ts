import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { cut, json, startFakeEngine, text } from "../fixtures/fake-engine.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

type AppOptions = Parameters<typeof startApp>[0];

/** The page of an app of its own, for as long as `look` takes. */
async function withPage(options: AppOptions, look: (page: Page) => Promise<void>): Promise<void> {
  const app = await startApp(options);
  let open: Visit | undefined;
  try {
    open = await visit(browser, app.url);
    await look(open.page);
  } finally {
    await open?.close();
    await app.stop();
  }
}

async function openScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

describe("an engine that answers nonsense", () => {
  test.each([
    ["HTML", text("<html>Bad Gateway</html>"), /HTML instead of JSON/],
    ["truncated JSON", text('[{"Id":"abc"', "application/json"), /broken JSON instead of JSON/],
    ["an answer that ends in its middle", cut('[{"Id":'), /closed the connection|ended in the middle|aborted/],
  ])(
    "%s for the list of containers is told once, in place, and the other screens go on",
    async (_name, answer, words) => {
      const fake = await startFakeEngine();
      fake.on("/containers/json", answer);
      try {
        await withPage({ engine: fake.host }, async (page) => {
          const message = page.getByRole("main").getByText(words);
          await message.waitFor();
          expect(await message.count()).toBe(1);
          await openScreen(page, "Networks");
          await page.getByText("No networks").or(page.getByRole("table")).first().waitFor();
          fake.on("/containers/json", json([]));
          await openScreen(page, "Containers");
          await page.getByText("No containers yet").waitFor();
        });
      } finally {
        await fake.stop();
      }
    },
  );

  test("HTML in place of the greeting is told in the banner", async () => {
    const fake = await startFakeEngine();
    fake.on("/_ping", text("<html>It works!</html>"));
    try {
      await withPage({ engine: fake.host }, async (page) => {
        await page
          .getByRole("alert")
          .getByText(/is no Docker Engine/)
          .waitFor();
        await openScreen(page, "Settings");
      });
    } finally {
      await fake.stop();
    }
  });
});

describe("a wrong address", () => {
  test.each([
    [
      "nothing listens there",
      "unix:///nonexistent/docker.sock",
      /There is nothing at unix:\/\/\/nonexistent\/docker\.sock/,
    ],
    ["it is no address", "carrier-pigeon://coop", /carrier-pigeon/],
    ["nobody listens on that port", "tcp://127.0.0.1:1", /127\.0\.0\.1:1/],
  ])("DOCKER_HOST: %s", async (_name, host, words) => {
    await withPage({ engine: "auto", env: { DOCKER_HOST: host } }, async (page) => {
      await page.getByRole("alert").getByText(words).first().waitFor();
      await openScreen(page, "Settings");
      await page.getByRole("radio", { name: "Other address" }).click();
      await page.getByRole("textbox", { name: /address/i }).fill(inject("dockerHost"));
      await page.getByRole("button", { name: "Test connection" }).click();
      await page
        .getByText(/20\.10/)
        .first()
        .waitFor();
    });
  });
});

test("without permission on the socket, the screen names it, its group and the command", async () => {
  const fake = await startFakeEngine();
  const home = mkdtempSync(join(tmpdir(), "longshore-home-"));
  const nobody = 65_534;
  chownSync(home, nobody, nobody);
  chmodSync(join(fake.socket, ".."), 0o755);
  chmodSync(fake.socket, 0o600);
  try {
    await withPage({ engine: fake.host, home, uid: nobody }, async (page) => {
      const banner = page.getByRole("alert").filter({ hasText: "Longshore may not use" });
      await banner.getByText(fake.socket).first().waitFor();
      await banner.getByText(/sudo .*usermod -aG docker/).waitFor();
      chmodSync(fake.socket, 0o666);
      // The change of the file's mode is noticed by itself.
      await page.getByText("No containers yet").waitFor();
    });
  } finally {
    await fake.stop();
    rmSync(home, { recursive: true, force: true });
  }
});

test("a port that is taken is told in one sentence, and nothing is left running", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const started = startApp({ engine: inject("dockerHost"), args: ["--port", String(port)] });
  await expect(started).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program. Choose another with --port N, or 0 for any.`,
  );
  other.close();
});
