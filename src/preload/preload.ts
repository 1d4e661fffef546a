import { contextBridge, ipcRenderer } from "electron";
import { connectChannel, hostMark, portMessage } from "#contract/desktop.ts";

// The page learns that it runs in the desktop app, and is handed one end of one channel. Nothing else crosses.
contextBridge.exposeInMainWorld(hostMark, "desktop");

// Module scripts have run by then, so the page already listens.
window.addEventListener(
  "DOMContentLoaded",
  () => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(connectChannel, null, [port2]);
    window.postMessage({ type: portMessage }, window.location.origin, [port1]);
  },
  { once: true },
);
