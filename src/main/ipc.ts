import { type IpcMainEvent, ipcMain } from "electron";
import type { LongshoreContract } from "#contract";
import { connectChannel, desktopOrigin } from "#contract/desktop.ts";
import type { ServedAreas } from "#contract/rpc/procedure.ts";
import { serve } from "#contract/rpc/server.ts";
import { electronPort } from "./electron-port.ts";

interface IpcOptions {
  readonly areas: ServedAreas<LongshoreContract>;
  readonly onInternalError: (error: unknown, procedure: string) => string;
  readonly onRefused: (origin: string) => void;
}

/** Only the main frame of a page with our exact origin may reach the engine. */
function isOurs({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === desktopOrigin;
}

/** The only place where a page reaches the main process: it hands over a port, and the contract is served on it. */
export function acceptPages({ areas, onInternalError, onRefused }: IpcOptions): void {
  ipcMain.on(connectChannel, (event) => {
    const [port, ...more] = event.ports;
    if (port && more.length === 0 && isOurs(event)) {
      serve(areas, { port: electronPort(port), onInternalError });
      return;
    }
    for (const refused of event.ports) refused.close();
    onRefused(event.senderFrame?.origin ?? "a frame that is gone");
  });
}
