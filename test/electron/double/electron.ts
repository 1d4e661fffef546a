/**
 * Stands for the module `electron` where its binary cannot be had: what Longshore's built main process uses of it, over
 * plain Node and a real Chromium. A name that the app imports and that is missing here fails at link time.
 */
import type Electron from "electron";
import { app } from "./app.ts";
import { BrowserWindow } from "./browser-window.ts";
import { dialog, MenuModel as Menu, nativeTheme, screen, shell, TrayModel as Tray, trays } from "./desktop.ts";
import { ipcMain } from "./ipc-main.ts";
import { MessageChannelMain } from "./ports.ts";
import { safeStorage } from "./safe-storage.ts";
import { session } from "./session.ts";
import { knowScheme } from "./urls.ts";

const protocol = {
  registerSchemesAsPrivileged(schemes) {
    if (app.isReady()) throw new Error("protocol.registerSchemesAsPrivileged should be called before app is ready");
    for (const { scheme, privileges } of schemes) {
      if (privileges?.standard && privileges.secure) knowScheme(scheme);
    }
  },
} satisfies Pick<Electron.Protocol, "registerSchemesAsPrivileged">;

app.closeWindows = () => {
  for (const window of BrowserWindow.getAllWindows()) window.close();
  return BrowserWindow.getAllWindows().length === 0;
};

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  trays,
};
