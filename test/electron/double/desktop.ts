import { EventEmitter } from "node:events";
import type Electron from "electron";

type Template = Electron.MenuItemConstructorOptions;

export interface MenuItemModel extends Omit<Template, "submenu" | "click"> {
  readonly submenu?: MenuModel;
  readonly click: () => void;
}

/** Stands for Electron's `Menu`: the items as the user would see them, to be looked at and clicked. */
export class MenuModel {
  static #application: MenuModel | null = null;
  readonly items: readonly MenuItemModel[];

  constructor(items: readonly MenuItemModel[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly Template[]): MenuModel {
    return new MenuModel(
      template.map(({ submenu, click, ...item }) => ({
        visible: true,
        enabled: true,
        ...item,
        ...(Array.isArray(submenu) ? { submenu: MenuModel.buildFromTemplate(submenu) } : {}),
        click: () => click?.({} as never, undefined, {} as never),
      })),
    );
  }

  static setApplicationMenu(menu: MenuModel | null): void {
    MenuModel.#application = menu;
  }

  static getApplicationMenu(): MenuModel | null {
    return MenuModel.#application;
  }

  getMenuItemById(id: string): MenuItemModel | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
}

/** Stands for Electron's `Tray`. */
export class TrayModel extends EventEmitter {
  image: string;
  toolTip = "";
  menu: MenuModel | null = null;

  constructor(image: string) {
    super();
    this.image = image;
    trays.push(this);
  }

  setImage(image: string): void {
    this.image = image;
  }

  setToolTip(text: string): void {
    this.toolTip = text;
  }

  setContextMenu(menu: MenuModel | null): void {
    this.menu = menu;
  }
}

/** Every tray that was made; Electron has no list of them. */
export const trays: TrayModel[] = [];

class NativeThemeDouble extends EventEmitter {
  #source: Electron.NativeTheme["themeSource"] = "system";

  get themeSource(): Electron.NativeTheme["themeSource"] {
    return this.#source;
  }

  set themeSource(source: Electron.NativeTheme["themeSource"]) {
    if (source === this.#source) return;
    this.#source = source;
    this.emit("updated");
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === "dark";
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#source === "dark";
  }
}

export const nativeTheme = new NativeThemeDouble() satisfies Pick<
  Electron.NativeTheme,
  "themeSource" | "shouldUseDarkColors" | "shouldUseDarkColorsForSystemIntegratedUI"
>;

/** Two screens side by side, below a panel; `ELECTRON_DOUBLE_SCREENS` may name others. */
const areas: Electron.Rectangle[] = JSON.parse(
  process.env.ELECTRON_DOUBLE_SCREENS ?? '[{"x":0,"y":28,"width":1600,"height":872}]',
);
const displays = areas.map((workArea, index) => ({ id: index + 1, workArea, bounds: workArea }) as Electron.Display);

export const screen = {
  getPrimaryDisplay: () => displays[0] as Electron.Display,
  getAllDisplays: () => displays,
} satisfies Pick<Electron.Screen, "getPrimaryDisplay" | "getAllDisplays">;

/** Nobody is there to answer: a message box gives its cancel answer, an error box goes to stderr as on a headless Linux. */
export const dialog = {
  showMessageBox: async (_window: unknown, { cancelId = 0 }: Electron.MessageBoxOptions) => ({
    response: cancelId,
    checkboxChecked: false,
  }),
  showErrorBox: (title: string, content: string) => console.error(`${title}: ${content}`),
};

/** Opens nothing; a test replaces these to see what would have been opened. */
export const shell = {
  openExternal: async () => {},
  openPath: async () => "",
} satisfies Pick<Electron.Shell, "openExternal" | "openPath">;
