import { join, resolve } from "node:path";
import type { DesktopApp } from "./desktop-app.ts";

const preload = join(resolve(import.meta.dirname, "../.."), "out/preload/preload.cjs");

/** A page that takes the port as the app's own page does, and notes what the other end does with it. */
export const probePage = `<!doctype html><title>probe</title><script>
  window.probe = { handed: false, closed: false, answers: [] };
  window.addEventListener("message", ({ data, ports: [port] }) => {
    if (data.type !== "longshore:port" || !port) return;
    window.probe.handed = true;
    port.onmessage = ({ data }) => window.probe.answers.push(data);
    port.addEventListener("close", () => { window.probe.closed = true; });
    window.ask = (id, procedure, input) => port.postMessage({ type: "open", id, procedure, input, credit: 0 });
    window.ask(0, "app.info", {});
  });
</script>`;

export interface ProbeState {
  readonly handed: boolean;
  readonly closed: boolean;
  readonly answers: readonly { id: number; type: string; value?: unknown; error?: { code: string } }[];
}

/** Opens a second window with the product's preload on an address, in a session without the product's policies. */
export async function openProbe(app: DesktopApp, url: string, body = probePage): Promise<void> {
  await app.evaluate(
    async ({ BrowserWindow, session }, { url, body, preload }) => {
      const partition = `probe-${url}`;
      const { protocol } = session.fromPartition(partition);
      const frame = body;
      protocol.handle("app", (request) => {
        const isFramed = request.url.endsWith("/framed");
        const html = isFramed ? `${frame}<iframe src="/frame"></iframe>` : frame;
        return new Response(html, { headers: { "content-type": "text/html" } });
      });
      const window = new BrowserWindow({
        show: false,
        webPreferences: { partition, preload, sandbox: true, contextIsolation: true, nodeIntegrationInSubFrames: true },
      });
      // A frame could not even load under the product's lock; this is about the handshake behind it.
      window.webContents.removeAllListeners("will-frame-navigate");
      await window.loadURL(url);
    },
    { url, body, preload },
  );
}

/** Runs code in the page of the probe window. */
export async function inProbe<T>(app: DesktopApp, url: string, code: string): Promise<T> {
  const value: unknown = await app.evaluate(
    ({ BrowserWindow }, { url, code }) =>
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL() === url)
        ?.webContents.executeJavaScript(code) ?? Promise.reject(new Error(`no window shows ${url}`)),
    { url, code },
  );
  // What the code gives, the caller knows.
  return value as T;
}
