import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { DesktopApp } from "./desktop-app.ts";
import { onEachHost } from "./on-each-host.ts";
import { inProbe, openProbe, type ProbeState, probePage } from "./probe.ts";

const main = "window.probe";
const frame = "window.frames[0].probe";
const soon = { timeout: 30_000, interval: 50 };

onEachHost("the handshake", ({ makeHome, launch }) => {
  let app: DesktopApp;
  const foreign = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end(probePage);
  });

  beforeAll(async () => {
    foreign.listen(0, "127.0.0.1");
    await once(foreign, "listening");
    app = await launch({ home: await makeHome() });
    await app.firstWindow();
  });
  afterAll(() => {
    foreign.close();
    foreign.closeAllConnections();
  });

  test("serves the main frame of the app's origin", async () => {
    const url = "app://longshore/alone";
    await openProbe(app, url);
    await vi.waitFor(async () => {
      const { answers } = await inProbe<ProbeState>(app, url, main);
      expect(answers).toMatchObject([{ id: 0, type: "end", value: { platform: process.platform } }]);
    }, soon);
  });

  test("refuses a page of another origin", async () => {
    const url = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`;
    await openProbe(app, url);
    await vi.waitFor(async () => {
      expect(await inProbe<ProbeState>(app, url, main)).toEqual({ handed: true, closed: true, answers: [] });
    }, soon);
  });

  test("refuses another host of the app's scheme", async () => {
    const url = "app://elsewhere/";
    await openProbe(app, url);
    await vi.waitFor(async () => {
      expect(await inProbe<ProbeState>(app, url, main)).toEqual({ handed: true, closed: true, answers: [] });
    }, soon);
  });

  test("refuses a frame within a page of the app's origin", async () => {
    const url = "app://longshore/framed";
    await openProbe(app, url);
    await vi.waitFor(async () => {
      expect(await inProbe<ProbeState>(app, url, frame)).toEqual({ handed: true, closed: true, answers: [] });
      expect(await inProbe<ProbeState>(app, url, main)).toMatchObject({ closed: false, answers: [{ id: 0 }] });
    }, soon);
  });

  test("shows the page no name but those of the web", async () => {
    const url = "app://longshore/names";
    await openProbe(app, url);
    const added = `(() => {
      const plain = document.body.appendChild(document.createElement("iframe"));
      const known = new Set(Object.getOwnPropertyNames(plain.contentWindow));
      plain.remove();
      return Object.getOwnPropertyNames(window).filter((name) => !known.has(name) && !/^\\d+$/.test(name));
    })()`;
    await vi.waitFor(async () => {
      // `probe` and `ask` are the probe page's own.
      expect(await inProbe(app, url, added)).toMatchInlineSnapshot(`
        [
          "probe",
          "ask",
        ]
      `);
    }, soon);
    const page = await app.firstWindow();
    const node = ["require", "process", "module", "Buffer", "electron", "ipcRenderer"];
    expect(await page.evaluate((names) => names.filter((name) => name in window), node)).toEqual([]);
  });
});
