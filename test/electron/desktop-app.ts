import type Electron from "electron";
import type { Page } from "playwright-core";

export interface LaunchOptions {
  /** LONGSHORE_HOME of this start. */
  readonly home: string;
  readonly args?: readonly string[];
  /** Further environment; only the double reads `ELECTRON_DOUBLE_…`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Longshore's desktop app, started from its built files. */
export interface DesktopApp {
  /** Runs a function in the main process with the module `electron`. It is sent as text, so it can use nothing else. */
  evaluate<R, A>(work: (electron: typeof Electron, argument: A) => R | Promise<R>, argument?: A): Promise<R>;
  /** The app's first window, once its page is there. */
  firstWindow(): Promise<Page>;
  /** What the main process wrote. */
  output(): string;
  /** Settles with the exit code once the main process has ended. */
  readonly exited: Promise<number | null>;
  /** Ends the app; does nothing where it has ended. */
  close(): Promise<void>;
}

/** One way to start the app. */
export interface Host {
  readonly name: string;
  /** Why this host cannot be had here; undefined where it can. */
  readonly missing: string | undefined;
  launch(options: LaunchOptions): Promise<DesktopApp>;
  /** Starts the app once more in the same home, and answers the exit code of that second process. */
  launchSecond(home: string): Promise<number | null>;
}
