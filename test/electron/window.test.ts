import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { DesktopApp } from "./desktop-app.ts";
import { onEachHost } from "./on-each-host.ts";

interface WindowState {
  readonly visible: boolean;
  readonly focused: boolean;
  readonly bounds: { x: number; y: number; width: number; height: number };
  readonly title: string;
  readonly url: string;
}

function stateOf(app: DesktopApp): Promise<WindowState | undefined> {
  return app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (!window) return undefined;
    return {
      visible: window.isVisible(),
      focused: window.isFocused(),
      bounds: window.getNormalBounds(),
      title: window.webContents.getTitle(),
      url: window.webContents.getURL(),
    };
  });
}

/** Clicks an item of the application menu as a user would. */
function clickMenu(app: DesktopApp, id: string): Promise<void> {
  return app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), id);
}

const soon = { timeout: 30_000, interval: 50 };

onEachHost("the window", ({ host, makeHome, launch }) => {
  test("opens and shows the app's first screen", async () => {
    const app = await launch({ home: await makeHome() });
    const page = await app.firstWindow();
    await page.getByRole("navigation").getByText("Containers").first().waitFor();
    await vi.waitFor(async () => expect(await stateOf(app)).toMatchObject({ visible: true }), soon);
    const state = await stateOf(app);
    expect(state?.title).toContain("Longshore");
    expect(state?.url.split("#")[0]).toBe("app://longshore/");
  });

  test("menu entries lead to the app's own screens", async () => {
    const app = await launch({ home: await makeHome() });
    await app.firstWindow();
    for (const screen of ["images", "volumes", "networks", "settings", "containers"]) {
      await clickMenu(app, `screen-${screen}`);
      await vi.waitFor(async () => expect((await stateOf(app))?.url).toContain(`#/${screen}`), soon);
    }
  });

  test("closing hides it and says so once; quitting ends the app", async () => {
    const app = await launch({ home: await makeHome() });
    await app.firstWindow();
    await vi.waitFor(async () => expect(await stateOf(app)).toMatchObject({ visible: true }), soon);
    await app.evaluate(({ dialog }) => {
      Reflect.set(globalThis, "notices", 0);
      dialog.showMessageBox = async () => {
        Reflect.set(globalThis, "notices", Number(Reflect.get(globalThis, "notices")) + 1);
        return { response: 0, checkboxChecked: false };
      };
    });
    for (let round = 0; round < 2; round += 1) {
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await vi.waitFor(async () => expect(await stateOf(app)).toMatchObject({ visible: false }), soon);
    }
    expect(await app.evaluate(() => Reflect.get(globalThis, "notices"))).toBe(1);
    // The main process may end before it has answered.
    clickMenu(app, "quit").catch(() => {});
    expect(await app.exited).toBe(0);
  });

  test("a second start brings the first window back and ends", async () => {
    const home = await makeHome();
    const app = await launch({ home });
    await app.firstWindow();
    await vi.waitFor(async () => expect(await stateOf(app)).toMatchObject({ visible: true }), soon);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    expect(await host.launchSecond(home)).toBe(0);
    await vi.waitFor(async () => expect(await stateOf(app)).toMatchObject({ visible: true, focused: true }), soon);
  });

  test("stands where it was at the next start", async () => {
    const home = await makeHome();
    const bounds = { x: 140, y: 90, width: 720, height: 560 };
    const first = await launch({ home });
    await first.firstWindow();
    await first.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), bounds);
    clickMenu(first, "quit").catch(() => {});
    expect(await first.exited).toBe(0);
    expect(JSON.parse(await readFile(join(home, "window.json"), "utf8"))).toMatchObject({ bounds });
    const second = await launch({ home });
    await second.firstWindow();
    expect(await stateOf(second)).toMatchObject({ bounds });
  });

  test("comes back from where no screen is", async () => {
    const home = await makeHome();
    const bounds = { x: -9000, y: 12_000, width: 800, height: 600 };
    await writeFile(join(home, "window.json"), JSON.stringify({ bounds }));
    const app = await launch({ home });
    await app.firstWindow();
    const area = await app.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea);
    const state = await stateOf(app);
    expect(state?.bounds).toMatchObject({ width: 800, height: 600 });
    expect(state?.bounds.x).toBeGreaterThanOrEqual(area.x);
    expect(state?.bounds.y).toBeGreaterThanOrEqual(area.y);
  });

  test("a home that is in use elsewhere is named, and the app ends", async () => {
    const home = await makeHome();
    await writeFile(join(home, "blocked"), "");
    const app = await launch({ home, args: ["--home", join(home, "blocked")] });
    expect(await app.exited).toBe(1);
    expect(app.output()).toContain("Longshore cannot use the folder");
  });
});
