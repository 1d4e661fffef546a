import { BrowserWindow, nativeTheme, screen } from "electron";
import { texts } from "./texts.ts";
import { type Bounds, minimumSize, placeWindow } from "./window-bounds.ts";
import type { MemoryFile } from "./window-memory.ts";

interface WindowOptions {
  readonly memory: MemoryFile;
  /** Path of the built preload. */
  readonly preload: string;
  /** Path of the icon that Linux and Windows show. */
  readonly icon: string;
}

/** Moving and resizing end before the file is written; half a second without a change counts as the end. */
const settleMs = 500;

/** The canvas colours of the theme, so that the window never flashes before its first paint. */
function canvasColour(): string {
  return nativeTheme.shouldUseDarkColors ? "#0e1114" : "#f3f5f7";
}

function workAreas(): [Bounds, ...Bounds[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary.workArea, ...others.map(({ workArea }) => workArea)];
}

function rememberBounds(window: BrowserWindow, memory: MemoryFile): void {
  let timer: NodeJS.Timeout | undefined;
  const remember = (): void => {
    clearTimeout(timer);
    if (!window.isDestroyed()) memory.remember({ bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(remember, settleMs);
  };
  window.on("resize", later);
  window.on("move", later);
  window.on("close", remember);
  window.on("closed", () => clearTimeout(timer));
}

/** Makes the one window, still empty; it shows itself once its first page can be painted. */
export function createWindow({ memory, preload, icon }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...placeWindow(memory.current.bounds, workAreas()),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    title: texts.name,
    icon,
    backgroundColor: canvasColour(),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  window.once("ready-to-show", () => {
    if (memory.current.maximized) window.maximize();
    else window.show();
  });
  nativeTheme.on("updated", () => {
    if (!window.isDestroyed()) window.setBackgroundColor(canvasColour());
  });
  rememberBounds(window, memory);
  return window;
}
