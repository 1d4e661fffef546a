import { type BrowserWindow, dialog } from "electron";
import { texts } from "./texts.ts";
import type { MemoryFile } from "./window-memory.ts";

interface CloseOptions {
  readonly memory: MemoryFile;
  readonly isQuitting: () => boolean;
  readonly quit: () => void;
}

async function explainOnce(window: BrowserWindow, memory: MemoryFile): Promise<"keep" | "quit"> {
  if (memory.current.toldAboutTray) return "keep";
  memory.remember({ toldAboutTray: true });
  const { message, detail, keep, quit } = texts.trayNotice;
  const choices = { type: "info", message, detail, buttons: [keep, quit], defaultId: 0, cancelId: 0 } as const;
  const { response } = await dialog.showMessageBox(window, { ...choices, buttons: [...choices.buttons] });
  return response === 1 ? "quit" : "keep";
}

/** Closing hides the window and leaves the engine running; the first time, a notice says so. Quitting differs. */
export function closeToTray(window: BrowserWindow, { memory, isQuitting, quit }: CloseOptions): void {
  window.on("close", (event) => {
    if (isQuitting()) return;
    event.preventDefault();
    void explainOnce(window, memory).then((choice) => {
      if (choice === "quit") quit();
      else if (!window.isDestroyed()) window.hide();
    });
  });
}
