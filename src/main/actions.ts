import { join } from "node:path";
import { app, type BrowserWindow, shell } from "electron";
import type { Engine } from "#engine";
import { appUrl } from "./app-protocol.ts";
import type { texts } from "./texts.ts";

export type ScreenName = keyof typeof texts.screens;

/** What tray and menu can do. Each has its like in the app's own screens. */
export interface Actions {
  /** Brings the window to the front, on a screen of the app where one is named. */
  readonly open: (screen?: ScreenName) => void;
  readonly reconnect: () => void;
  readonly showLogs: () => void;
  readonly quit: () => void;
}

interface ActionOptions {
  readonly window: BrowserWindow;
  readonly handlers: Engine["handlers"];
  readonly home: string;
  readonly onFailure: (what: string, error: unknown) => void;
}

export function createActions({ window, handlers, home, onFailure }: ActionOptions): Actions {
  return {
    open(screen) {
      // A change of the hash alone: the page stays, its router moves.
      if (screen) window.loadURL(`${appUrl}#/${screen}`).catch((error) => onFailure(`opening ${screen}`, error));
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    reconnect() {
      const done = async (): Promise<void> => void (await handlers.engine.reconnect({}, new AbortController().signal));
      done().catch((error) => onFailure("reconnecting", error));
    },
    showLogs() {
      shell.openPath(join(home, "logs")).then(
        (problem) => problem && onFailure("showing the log folder", problem),
        (error) => onFailure("showing the log folder", error),
      );
    },
    quit: () => app.quit(),
  };
}
