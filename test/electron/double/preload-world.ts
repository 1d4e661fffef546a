import { wireSource } from "./wire.ts";

export const worldName = "electron-preload";
export const bindingName = "__electronDouble";

const closedEvent = "electron-double-closed";

/**
 * Electron fires `close` on a page's port once the other end is closed; Chromium alone does not. Runs in the page's own
 * world and leaves no name there: the nth port that the page was handed is the other end of the nth that was relayed.
 */
export const portCloseScript = `(() => {
  const handed = [];
  const closed = new Set();
  const fire = (port) => port.dispatchEvent(new Event("close"));
  addEventListener("message", ({ ports }) => {
    for (const port of ports) {
      // Closed before it came: the page's own listener, which runs after this one, is to hear of it still.
      if (closed.has(handed.push(port))) setTimeout(fire, 0, port);
    }
  });
  document.addEventListener("${closedEvent}", ({ detail }) => {
    closed.add(detail);
    if (handed[detail - 1]) fire(handed[detail - 1]);
  });
})();`;

/** What the preload's world says to the double. */
export type FromPreload =
  | { type: "ipc"; channel: string; message: unknown; ports: number[] }
  | { type: "port"; port: number; data: unknown };

/**
 * The script that runs a sandboxed preload in a world of its own: `require("electron")` gives `ipcRenderer`, and a port
 * that is handed over is relayed by the binding. Like in Electron it runs in the main frame unless told otherwise.
 */
export function preloadScript(preload: string, inSubFrames: boolean): string {
  return `(() => {
    if (!${inSubFrames} && window !== window.top) return;
    if (location.href === "about:blank") return;
    ${wireSource}
    const tell = (message) => globalThis.${bindingName}(encode(message));
    const ports = new Map();
    const adopt = (port) => {
      const id = ports.size + 1;
      ports.set(id, port);
      port.onmessage = ({ data }) => tell({ type: "port", port: id, data });
      return id;
    };
    globalThis.__electronDoubleDeliver = (text) => {
      const { port, data, close } = decode(text);
      if (!close) return void ports.get(port)?.postMessage(data);
      ports.get(port)?.close();
      document.dispatchEvent(new CustomEvent("${closedEvent}", { detail: port }));
    };
    const ipcRenderer = {
      postMessage: (channel, message, transfer = []) =>
        tell({ type: "ipc", channel, message, ports: transfer.map(adopt) }),
    };
    const require = (name) => {
      if (name === "electron") return { ipcRenderer };
      throw new Error("module not found: " + name);
    };
    const module = { exports: {} };
    ((require, module, exports) => {
${preload}
    })(require, module, module.exports);
  })();`;
}
