import { Menu, type MenuItemConstructorOptions } from "electron";
import type { Actions, ScreenName } from "./actions.ts";
import { texts } from "./texts.ts";

interface MenuOptions {
  readonly actions: Actions;
  readonly platform: NodeJS.Platform;
  /** Adds the developer tools; off in a packaged app. */
  readonly developer: boolean;
}

const accelerators: Readonly<Record<ScreenName, string>> = {
  containers: "CmdOrCtrl+1",
  images: "CmdOrCtrl+2",
  volumes: "CmdOrCtrl+3",
  networks: "CmdOrCtrl+4",
  settings: "CmdOrCtrl+,",
};

function viewMenu({ actions, developer }: MenuOptions): MenuItemConstructorOptions {
  // Object.entries widens the keys; they are those of `accelerators`.
  const screens = Object.entries(accelerators) as [ScreenName, string][];
  return {
    label: texts.view,
    submenu: [
      ...screens.map(([screen, accelerator]) => ({
        id: `screen-${screen}`,
        label: texts.screens[screen],
        accelerator,
        click: () => actions.open(screen),
      })),
      { type: "separator" },
      { role: "reload" },
      ...(developer ? [{ role: "toggleDevTools" } as const] : []),
      { type: "separator" },
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      { role: "togglefullscreen" },
    ],
  };
}

/** The application menu: on macOS Quit stands in the app's own menu, elsewhere under File. */
export function buildMenu(options: MenuOptions): Menu {
  const { actions, platform } = options;
  const isMac = platform === "darwin";
  const quit: MenuItemConstructorOptions = {
    id: "quit",
    label: texts.quit,
    accelerator: "CmdOrCtrl+Q",
    click: () => actions.quit(),
  };
  return Menu.buildFromTemplate([
    ...(isMac ? [{ role: "appMenu" } as const] : []),
    {
      label: texts.file,
      submenu: [{ role: "close", label: texts.closeWindow }, ...(isMac ? [] : [quit])],
    },
    { role: "editMenu" },
    viewMenu(options),
    {
      label: texts.engine,
      submenu: [{ id: "reconnect", label: texts.reconnect, click: () => actions.reconnect() }],
    },
    { role: "windowMenu" },
    {
      role: "help",
      label: texts.help,
      submenu: [{ id: "logs", label: texts.showLogs, click: () => actions.showLogs() }, { role: "about" }],
    },
  ]);
}
