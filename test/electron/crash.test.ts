import { expect, test, vi } from "vitest";
import type { DesktopApp } from "./desktop-app.ts";
import { onEachHost } from "./on-each-host.ts";

function crash(app: DesktopApp): Promise<void> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
}

/**
 * Address and text of the page, read by the main process: a test's own link to a page ends with its process. A page that
 * is just crashing gives no answer at all; whoever waits asks again.
 */
function read(app: DesktopApp): Promise<{ url: string; text: string }> {
  return app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (!contents || contents.isCrashed()) throw new Error("there is no page");
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error("the page does not answer")), 3_000);
    });
    const text = await Promise.race([contents.executeJavaScript("document.body.innerText"), late]);
    return { url: contents.getURL(), text: String(text) };
  });
}

const soon = { timeout: 30_000, interval: 100 };

onEachHost("a crash of the page", ({ makeHome, launch }) => {
  test("reloads once, then shows a safe page, whose link leads back", async () => {
    const app = await launch({ home: await makeHome() });
    await app.firstWindow();
    await vi.waitFor(async () => expect((await read(app)).text).toContain("Containers"), soon);
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("document.body.replaceChildren()"),
    );

    await crash(app);
    await vi.waitFor(async () => {
      const { url, text } = await read(app);
      expect(url.split("#")[0]).toBe("app://longshore/");
      expect(text).toContain("Containers");
    }, soon);

    await crash(app);
    await vi.waitFor(async () => {
      const { url, text } = await read(app);
      expect(url).toBe("app://longshore/safe");
      expect(text).toContain("Your containers are not affected");
    }, soon);

    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("document.querySelector('a').click()"),
    );
    await vi.waitFor(async () => expect((await read(app)).text).toContain("Images"), soon);
  });
});
