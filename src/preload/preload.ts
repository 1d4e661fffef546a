import { ipcRenderer } from "electron";
import { connectChannel, portMessage } from "#contract/desktop.ts";

// The page is handed one end of one channel. Nothing else crosses: no function, no object, no name on `window`.
window.addEventListener(
  "DOMContentLoaded",
  () => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(connectChannel, null, [port2]);
    window.postMessage({ type: portMessage }, window.location.origin, [port1]);
  },
  { once: true },
);
