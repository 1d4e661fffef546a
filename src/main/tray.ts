import { join } from "node:path";
import { Menu, nativeTheme, Tray } from "electron";
import type { EngineState } from "#contract";
import type { Actions } from "./actions.ts";
import { describeEngine, texts } from "./texts.ts";

/** macOS tints a template image itself; elsewhere the image has to suit the panel. */
function imageName(): string {
  if (process.platform === "darwin") return "trayTemplate.png";
  return nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ? "tray-dark.png" : "tray-light.png";
}

function trayMenu(actions: Actions, state: EngineState): Menu {
  const canReconnect = state.status === "disconnected" || state.status === "no_permission";
  return Menu.buildFromTemplate([
    { id: "open", label: texts.open, click: () => actions.open() },
    { type: "separator" },
    { id: "engine", label: describeEngine(state), enabled: false },
    { id: "reconnect", label: texts.reconnect, visible: canReconnect, click: () => actions.reconnect() },
    { type: "separator" },
    { id: "quit", label: texts.quit, click: () => actions.quit() },
  ]);
}

export interface AppTray {
  readonly show: (state: EngineState) => void;
}

/** Puts Longshore into the tray. `images` is the folder of the tray images. */
export function createTray(images: string, actions: Actions): AppTray {
  const tray = new Tray(join(images, imageName()));
  nativeTheme.on("updated", () => tray.setImage(join(images, imageName())));
  tray.on("click", () => actions.open());
  const show = (state: EngineState): void => {
    tray.setToolTip(`${texts.name}. ${describeEngine(state)}`);
    tray.setContextMenu(trayMenu(actions, state));
  };
  show({ status: "connecting" });
  return { show };
}
