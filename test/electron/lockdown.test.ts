import { once } from "node:events";
import { rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { DesktopApp } from "./desktop-app.ts";
import { onEachHost } from "./on-each-host.ts";
import { inProbe, openProbe, type ProbeState } from "./probe.ts";

const root = resolve(import.meta.dirname, "../..");

const soon = { timeout: 30_000, interval: 50 };

/** Long enough for a navigation to happen that was not denied. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 250));

onEachHost("the page's way out", ({ makeHome, launch }) => {
  let app: DesktopApp;
  let page: Page;
  let outside = "";
  let visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(request.url ?? "");
    if (request.url === "/redirect") response.writeHead(302, { location: "/target" }).end();
    else response.setHeader("content-type", "text/html").end("<title>outside</title>");
  });

  function opened(): Promise<string[]> {
    return app.evaluate(() => Reflect.get(globalThis, "opened"));
  }

  function windows(): Promise<string[]> {
    return app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
    );
  }

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    app = await launch({ home: await makeHome() });
    page = await app.firstWindow();
    await page.getByRole("navigation").first().waitFor();
    await app.evaluate(({ shell }) => {
      shell.openExternal = async (url) => void Reflect.get(globalThis, "opened").push(url);
    });
  });
  beforeEach(async () => {
    visits = [];
    await app.evaluate(() => Reflect.set(globalThis, "opened", []));
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  describe("navigation is denied:", () => {
    const link = (attributes: string) => `
      const link = document.createElement("a");
      ${attributes}
      document.body.append(link); link.click(); link.remove();`;
    test.each([
      ["location", "location.href = OUTSIDE + '/location'"],
      ["replace", "location.replace(OUTSIDE + '/replace')"],
      ["a link", link("link.href = OUTSIDE + '/link'")],
      ["another page of the app's own", "location.href = '/safe'"],
      ["a file", "location.href = 'file:///etc/hostname'"],
      ["data", "location.href = 'data:text/html,<title>data</title>'"],
      ["a script address", link("link.href = 'javascript:document.title=1'")],
      [
        "meta refresh",
        `const meta = document.createElement("meta"); meta.httpEquiv = "refresh";
         meta.content = "0;url=" + OUTSIDE + "/meta"; document.head.append(meta)`,
      ],
      [
        "a form",
        `const form = document.createElement("form"); form.action = OUTSIDE + "/form";
         document.body.append(form); form.submit(); form.remove()`,
      ],
    ])("%s", async (_name, code) => {
      await page.evaluate("window.stayed = true");
      const title = await page.evaluate("document.title");
      await page.evaluate(`{ const OUTSIDE = ${JSON.stringify(outside)}; ${code} }`).catch(() => {});
      await settle();
      expect(await page.evaluate("window.stayed")).toBe(true);
      expect(await page.evaluate("document.title")).toBe(title);
      expect(visits).toEqual([]);
    });
  });

  test("no request reaches a network", async () => {
    await page.evaluate((url) => {
      fetch(`${url}/fetch`).catch(() => {});
      new Image().src = `${url}/image`;
      try {
        new WebSocket(url.replace("http", "ws"));
      } catch {
        // Refused at once.
      }
      const frame = document.createElement("iframe");
      frame.src = `${url}/frame`;
      document.body.append(frame);
      setTimeout(() => frame.remove(), 200);
    }, outside);
    await settle();
    expect(visits).toEqual([]);
  });

  test("a file that is dropped on the page is not opened", async () => {
    await page.evaluate("window.stayed = true");
    const cdp = await page.context().newCDPSession(page);
    const data = { items: [], files: [join(root, "package.json")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await cdp.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
    }
    await settle();
    expect(await page.evaluate("window.stayed")).toBe(true);
    expect(await windows()).toHaveLength(1);
  });

  test("no window opens; an address that may be opened goes to the browser", async () => {
    await page.evaluate((url) => {
      window.open(`${url}/popup`);
      window.open("https://example.com/popup");
      window.open("about:blank");
      window.open("file:///etc/hostname");
      const link = document.createElement("a");
      Object.assign(link, { href: `${url}/blank`, target: "_blank" });
      document.body.append(link);
      link.click();
      link.remove();
    }, outside);
    const wanted = [`${outside}/popup`, "https://example.com/popup", `${outside}/blank`];
    await expect.poll(opened).toEqual(wanted);
    await settle();
    expect(await opened()).toEqual(wanted);
    expect(await windows()).toHaveLength(1);
    expect(visits).toEqual([]);
  });

  test("a webview is an element like any other", async () => {
    await page.evaluate((url) => {
      const view = document.createElement("webview");
      view.setAttribute("src", `${url}/webview`);
      document.body.append(view);
    }, outside);
    await settle();
    expect(visits).toEqual([]);
    expect(await windows()).toHaveLength(1);
  });

  test("a redirect is not followed, even where the app itself loads a page", async () => {
    await app.evaluate(async ({ BrowserWindow }, url) => {
      const window = new BrowserWindow({ show: false, webPreferences: { partition: "redirect" } });
      await window.loadURL(url).catch(() => {});
      window.destroy();
    }, `${outside}/redirect`);
    expect(visits).toEqual(["/redirect"]);
  });

  test("every permission is denied but writing to the clipboard", async () => {
    const states = await page.evaluate(async () => {
      const names = ["camera", "clipboard-read", "clipboard-write", "geolocation", "local-fonts", "microphone", "midi"];
      names.push("notifications", "persistent-storage", "screen-wake-lock", "window-management");
      const states: Record<string, string> = {};
      for (const name of names) states[name] = (await navigator.permissions.query({ name: name as never })).state;
      return states;
    });
    const { "clipboard-write": write, ...others } = states;
    expect(write).toBe("granted");
    expect(Object.entries(others).filter(([, state]) => state !== "denied")).toEqual([]);
  });

  describe("app://", () => {
    const inside = join(root, "out/renderer/test-escape.json");
    beforeAll(() => symlinkSync(join(root, "package.json"), inside));
    afterAll(() => rmSync(inside, { force: true }));

    const ask = (url: string) =>
      app.evaluate(async ({ session }, url) => {
        const response = await session.defaultSession.fetch(url);
        return {
          status: response.status,
          text: await response.text(),
          csp: response.headers.get("content-security-policy"),
          type: response.headers.get("content-type"),
        };
      }, url);

    test.each([
      "/../../package.json",
      "/%2e%2e/%2e%2e/package.json",
      "/..%2f..%2fpackage.json",
      "/assets/..%2f..%2f..%2fpackage.json",
      "/..%5c..%5cpackage.json",
      "/%252e%252e%252f%252e%252e%252fpackage.json",
      "/boot.js%00.json",
      "/%",
      "/assets",
      "/assets/",
      "/index.html",
      "/test-escape.json",
      "//etc/passwd",
    ])("%s names nothing", async (path) => {
      const { status, text } = await ask(`app://longshore${path}`);
      expect(status).toBe(404);
      expect(text).not.toContain("devDependencies");
    });

    test("another host names nothing", async () => {
      expect((await ask("app://elsewhere/")).status).toBe(404);
    });

    test("the page has a strict policy with a nonce of its own", async () => {
      const [first, second] = [await ask("app://longshore/"), await ask("app://longshore/")];
      expect(first).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
      const nonce = /'nonce-([^']+)'/.exec(first.csp ?? "")?.[1];
      expect(first.text).toContain(`content="${nonce}"`);
      expect(first.csp).toContain("default-src 'none'");
      expect(first.csp).toContain("require-trusted-types-for 'script'");
      expect(first.csp).not.toMatch(/unsafe|\*/);
      expect(second.csp).not.toBe(first.csp);
    });
  });

  test("openExternal opens what is on its list and refuses the rest", async () => {
    const url = "app://longshore/opener";
    await openProbe(app, url);
    const good = ["https://example.com/a", "http://localhost:8080/"];
    const bad = [
      "http://example.com/",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "smb://h/s",
      "vscode://x",
      "\\\\h\\s",
    ];
    bad.push("ms-settings:", "https://user:pass@h/", "https://h/\n", "mailto:a@b.c");
    const code = `${JSON.stringify([...good, ...bad])}.forEach((url, i) => window.ask(i + 1, "app.openExternal", { url }))`;
    await vi.waitFor(() => inProbe(app, url, code), soon);
    await vi.waitFor(async () => {
      const { answers } = await inProbe<ProbeState>(app, url, "window.probe");
      const codes = answers.filter(({ id }) => id > 0).sort((a, b) => a.id - b.id);
      expect(codes.map(({ type, error }) => error?.code ?? type)).toEqual([
        ...good.map(() => "end"),
        ...bad.map(() => "bad_request"),
      ]);
    }, soon);
    expect(await opened()).toEqual(good);
  });
});
