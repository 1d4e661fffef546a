import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { app, dialog, Menu, nativeTheme, session, shell } from "electron";
import { AppError } from "#contract/errors.ts";
import { createEngine, type InstanceLock, lockHome, openLog, parseOptions, prepareHome, resolveHome } from "#engine";
import { allowedUrl } from "#engine/api/open-external.ts";
import { createActions } from "./actions.ts";
import { appUrl, registerAppScheme, serveApp } from "./app-protocol.ts";
import { ownArguments } from "./arguments.ts";
import { closeToTray } from "./close-to-tray.ts";
import { recoverFromCrashes } from "./crash-recovery.ts";
import { follow } from "./follow.ts";
import { acceptPages } from "./ipc.ts";
import { buildMenu } from "./menu.ts";
import { lockNavigation } from "./navigation-policy.ts";
import { closeBeforeQuit } from "./quit.ts";
import { openSecretBox } from "./secret-box.ts";
import { lockSession } from "./session-policy.ts";
import { texts } from "./texts.ts";
import { createTray } from "./tray.ts";
import { createWindow } from "./window.ts";
import { openMemory } from "./window-memory.ts";

/** The built app's root: `out` and `assets` lie in it, packaged or not. */
const root = join(import.meta.dirname, "../..");

interface Claim {
  readonly home: string;
  readonly engine: string | undefined;
  readonly lock: InstanceLock;
}

/** The folder for state, and the right to be the one Longshore in it. Never awaits: all this must stand before Electron is ready. */
function claimHome(): Claim | undefined {
  const options = parseOptions(ownArguments(process.argv));
  const home = resolveHome(options.home);
  prepareHome(home);
  const userData = join(home, "desktop");
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath("userData", userData);
  if (!app.requestSingleInstanceLock()) return undefined;
  return { home, engine: options.engine, lock: lockHome(home) };
}

/** A link that wants a window of its own goes to the user's browser, by the rule that holds for the contract too. */
async function openLink(url: string): Promise<void> {
  await shell.openExternal(allowedUrl(url));
}

async function run({ home, engine: choice, lock }: Claim): Promise<void> {
  const log = openLog(home);
  const onFailure = (what: string, error: unknown): void => log.error(`${what} failed`, { error });
  process.on("uncaughtExceptionMonitor", (error) => onFailure("the main process", error));

  lockSession(session.defaultSession);
  serveApp(session.defaultSession, join(root, "out/renderer"));
  lockNavigation(app, {
    openExternal: (url) => openLink(url).catch((error) => log.warn("a link was not opened", { error })),
    onDenied: (what, url) => log.warn(`${what} denied`, { url }),
  });

  const engine = await createEngine({
    home,
    choice,
    env: process.env,
    version: app.getVersion(),
    host: {
      capabilities: ["openExternal", "tray"],
      openExternal: (url) => shell.openExternal(url),
      secrets: () => openSecretBox(process.platform),
    },
    log,
  });
  engine.prepare();
  const stopped = new AbortController();
  const { isQuitting } = closeBeforeQuit(app, async () => {
    stopped.abort();
    await engine.close().catch((error) => onFailure("closing the engine", error));
    lock.release();
  });
  acceptPages({
    areas: engine.areas,
    onInternalError(error, procedure) {
      const id = randomUUID().slice(0, 8);
      log.error(`unexpected error in ${procedure}`, { id, error });
      return id;
    },
    onRefused: (origin) => log.warn("a page that is not ours asked for the engine", { origin }),
  });

  const memory = openMemory(home, (error) => onFailure("keeping the window's place", error));
  const window = createWindow({
    memory,
    preload: join(root, "out/preload/preload.cjs"),
    icon: join(root, "assets/icons/256x256.png"),
  });
  recoverFromCrashes(window.webContents, (reason) => log.error("the window's process ended", { reason }));
  const actions = createActions({ window, handlers: engine.handlers, home, onFailure });
  closeToTray(window, { memory, isQuitting, quit: actions.quit });
  app.on("second-instance", () => actions.open());
  app.on("activate", () => actions.open());
  Menu.setApplicationMenu(buildMenu({ actions, platform: process.platform, developer: !app.isPackaged }));
  const tray = createTray(join(root, "assets/tray"), actions);

  const { signal } = stopped;
  void follow(engine.handlers.engine.watch({}, signal), tray.show, (error) => onFailure("the engine's state", error));
  void follow(
    engine.handlers.settings.watch({}, signal),
    ({ settings }) => {
      nativeTheme.themeSource = settings.theme ?? "system";
    },
    (error) => onFailure("reading the settings", error),
  );
  await window.loadURL(appUrl);
}

async function fail(error: unknown): Promise<void> {
  await app.whenReady();
  dialog.showErrorBox(texts.startFailed, error instanceof AppError ? error.message : String(error));
  app.exit(1);
}

registerAppScheme();
app.enableSandbox();

async function start(): Promise<void> {
  const claim = claimHome();
  if (!claim) return app.quit();
  await app.whenReady();
  await run(claim);
}

start().catch(fail);
