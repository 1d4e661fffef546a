import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, toAppError } from "#contract/errors.ts";
import type { MachineSettings, MachineView } from "#contract/machine.ts";
import { chooseDriver } from "./choose-driver.ts";
import { tailLines } from "./console-tail.ts";
import type { MachineContext, MachineLog } from "./context.ts";
import { steadyNow } from "./deadline.ts";
import { diskStore } from "./disk/disk-store.ts";
import type { Driver } from "./driver.ts";
import { loadMachineKeys } from "./guest/ssh-keys.ts";
import { idleSaver } from "./idle-saver.ts";
import { type ImageSource, listImages } from "./image-store.ts";
import { lockMachine } from "./lock.ts";
import { adoptMachine, MachineLife } from "./machine.ts";
import { machineTasks } from "./machine-tasks.ts";
import { type MachinePaths, preparePaths } from "./paths.ts";
import { qemuDriver } from "./qemu/qemu-driver.ts";
import { openRecord, type RecordStore } from "./record.ts";
import { listRunLogs } from "./run-logs.ts";
import { checkBinds } from "./socket/bind-check.ts";
import { ensureDockerContext, removeDockerContext, socketUrl } from "./socket/docker-context.ts";
import { hasTerminal, openTerminal } from "./socket/open-terminal.ts";
import { type Relay, startRelay } from "./socket/relay.ts";
import { passGate } from "./socket-gate.ts";
import { latest, stateStore } from "./state-store.ts";
import { vfkitDriver } from "./vfkit/vfkit-driver.ts";
import { wslDriver } from "./wsl/wsl-driver.ts";

export interface MachineOptions {
  /** LONGSHORE_HOME. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: MachineLog;
  readonly images: ImageSource;
  /** Folders of the package that may hold a QEMU (`<folder>/bin/qemu-system-…`), best first. */
  readonly qemuBundles?: readonly string[];
  /** Where the packed root for WSL 2 may lie, best first. */
  readonly wslArchives?: readonly string[];
  /** Sees to it that a hypervisor is here, where it can be fetched; asked at the start of each boot. */
  readonly provideHypervisor?: MachineContext["provideHypervisor"];
  /** Settings of a machine that is made now; a known machine keeps its own. */
  readonly settings?: Partial<MachineSettings>;
  /** Length of a minute for the idle saver; a real one where absent. */
  readonly minuteMs?: number;
  /** The machine's architecture; that of this process where absent. */
  readonly arch?: "amd64" | "arm64";
}

/**
 * The embedded engine: one machine in one home. `start` brings it up, `socket` is for everybody,
 * `engineSocket` for the app itself: it neither wakes a suspended machine nor counts as use.
 * `watch` gives the view now and after each change; `close` leaves the app, by default with the machine running.
 */
export type Machine = Awaited<ReturnType<typeof createMachine>>;

/** Opens the machine of a home. Throws `conflict` where another app drives it. Starts nothing. */
export async function createMachine(options: MachineOptions) {
  const paths = await preparePaths(options.home, options.env);
  const lock = await lockMachine(paths.machine);
  try {
    const parts = await wire(options, paths);
    await findWhatIs(parts);
    const sockets = await openSockets(parts, options.minuteMs ?? 60_000);
    return facade(parts, sockets, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

type Parts = Awaited<ReturnType<typeof wire>>;

async function wire(options: MachineOptions, paths: MachinePaths) {
  const { env, log } = options;
  const arch = options.arch ?? (process.arch === "arm64" ? "arm64" : "amd64");
  const record = await openRecord(paths.machine, options.settings ?? {});
  if (record.notice !== undefined) log.warn(record.notice);
  const disks = diskStore(paths);
  await disks.emptyOldTrash();
  const keyFolder = join(paths.machine, "keys");
  const context: MachineContext = {
    paths,
    env,
    log,
    arch,
    images: options.images,
    provideHypervisor: options.provideHypervisor,
    store: stateStore({ status: "absent" }),
    record,
    disks,
    keys: () => loadMachineKeys(keyFolder),
    driver: (signal) => {
      const { driver, accelerator } = record.current.settings;
      const drivers = allDrivers(options, paths, { arch, accelerator });
      return chooseDriver(drivers, driver, { platform: process.platform, signal });
    },
  };
  const life = new MachineLife(context);
  const forgetKeys = () => rm(keyFolder, { recursive: true, force: true });
  return { context, life, forgetKeys };
}

function allDrivers(
  { env, qemuBundles, wslArchives }: MachineOptions,
  paths: MachinePaths,
  { arch, accelerator }: { arch: "amd64" | "arm64"; accelerator: MachineSettings["accelerator"] },
): Driver[] {
  const qemu = qemuDriver({
    arch,
    bundles: qemuBundles ?? [],
    privateDir: paths.qemu,
    wish: accelerator,
    probeMemory: join(paths.machine, "accelerator.json"),
    stateDir: paths.machine,
    ...(env.PATH === undefined ? {} : { path: env.PATH }),
  });
  const wsl = wslDriver({ program: "wsl.exe", folder: join(paths.home, "wsl"), rootArchives: wslArchives ?? [] });
  return [qemu, vfkitDriver({ program: "vfkit" }), wsl];
}

/** The state in which the machine was left: running, suspended, stopped, absent or hanging. */
async function findWhatIs({ context, life }: Parts): Promise<void> {
  const { record, store, disks } = context;
  await claimOnlyDisk(context);
  try {
    const live = await adoptMachine(context);
    if (live) return await life.takeOver(live);
  } catch (error) {
    const why = `${toAppError(error).message} Start it again.`;
    store.dispatch({
      type: "break",
      at: steadyNow(),
      why,
      repair: "start-again",
      repairs: ["start-again", "collect-diagnostics"],
    });
    return;
  }
  const { run, suspended, diskId } = record.current;
  if (run) await record.update({ run: undefined });
  if (suspended) store.dispatch({ type: "suspended", at: suspended.at, sizeBytes: suspended.sizeBytes });
  else if (diskId !== undefined) {
    const lost = run
      ? "The machine had ended while Longshore did not run; its disk recovers at the next start."
      : undefined;
    store.dispatch({ type: "stopped", ...(lost === undefined ? {} : { note: lost }) });
    if (!(await disks.exists(diskId))) context.log.warn("the data disk is missing", { diskId });
  }
}

/** A record that was lost does not lose the disk: where there is exactly one, it is the machine's. */
async function claimOnlyDisk({ record, disks }: MachineContext): Promise<void> {
  if (record.current.diskId !== undefined || record.notice === undefined) return;
  const [only, ...others] = (await disks.list(undefined)).filter(({ place }) => place === "orphan");
  if (only && others.length === 0) await record.update({ diskId: only.id });
}

interface Sockets {
  readonly everybody: Relay;
  readonly app: Relay;
  readonly appPath: string;
}

async function openSockets({ context, life }: Parts, minuteMs: number): Promise<Sockets> {
  const { store, paths } = context;
  const windows = process.platform === "win32";
  const appPath = windows ? "\\\\.\\pipe\\longshore_app" : join(paths.run, "app.sock");
  const publicPath = windows ? "\\\\.\\pipe\\longshore_engine" : paths.dockerSocket;
  const check = (body: unknown) => checkBinds(body, context.record.current.settings.sharedFolders);
  const gate = { store, life };
  const portsOpen = () => life.portsOpen();
  const app = await startRelay({
    path: appPath,
    check,
    portsOpen,
    dial: (signal) => passGate({ ...gate, wakes: false }, signal),
  });
  const everybody = await startRelay({
    path: publicPath,
    check,
    portsOpen,
    dial: (signal) => passGate({ ...gate, wakes: true }, signal),
  });
  const idle = idleSaver({
    settings: () => context.record.current.settings,
    connections: () => everybody.connections,
    suspend: () => life.suspend(),
    minuteMs,
  });
  life.onTick = () => idle.onTick();
  life.onRunning = (count) => idle.onRunning(count);
  return { everybody, app, appPath };
}

function facade(parts: Parts, sockets: Sockets, lock: { release(): void }) {
  const { context, life } = parts;
  const { record, store, paths, env } = context;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const endStates = store.subscribe(changed);
  const syncContext = async () => {
    if (!record.current.settings.dockerContext) return removeDockerContext(env);
    const notice = await ensureDockerContext(paths.dockerSocket, env);
    if (notice !== undefined) context.log.warn(notice);
  };
  const onSettings = () => {
    changed();
    void syncContext();
  };
  const tasks = machineTasks({ ...parts, onSettings });
  return {
    ...tasks,
    socket: paths.publicSocket,
    engineSocket: sockets.appPath,
    get state() {
      return store.state;
    },
    view: () => readView(context),
    /** Calls back on each change of the state or the settings; returns the way to stop that. */
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    watch: (signal: AbortSignal) => views(context, listeners, signal),
    console: (signal: AbortSignal) => consoleLines(context, signal),
    start: async () => {
      await life.start();
      await syncContext();
    },
    resume: () => life.start(),
    stop: () => life.stop(),
    suspend: () => life.suspend(),
    openTerminal: () => openTerminal(socketUrl(paths.dockerSocket), paths.machine, { platform: process.platform, env }),
    /** Ends the app's part. `leave` lets the machine run on; the next app takes it over. */
    close: async (mode: "leave" | "suspend" | "stop" = "leave") => {
      if (mode === "stop") await life.stop();
      if (mode === "suspend" && store.state.status === "running") await life.suspend().catch(() => life.stop());
      await Promise.all([sockets.everybody.close(), sockets.app.close()]);
      life.letGo();
      endStates();
      changed();
      lock.release();
    },
  };
}

async function* views(
  context: MachineContext,
  listeners: Set<() => void>,
  signal: AbortSignal,
): AsyncGenerator<MachineView> {
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  for await (const _change of latest(() => undefined, subscribe, signal)) yield await readView(context);
}

async function readView({ store, record, paths, disks, env }: MachineContext): Promise<MachineView> {
  const { settings, diskId, imageId } = record.current;
  const images = await listImages(paths.images);
  const disk = diskId === undefined ? undefined : await disks.use(diskId).catch(() => undefined);
  return {
    state: store.state,
    settings,
    socket: paths.publicSocket,
    exportLine: `export DOCKER_HOST='${socketUrl(paths.dockerSocket).replaceAll("'", "'\\''")}'`,
    canOpenTerminal: hasTerminal({ platform: process.platform, env }),
    images: images.map(({ id, createdAt, arch }) => ({ id, createdAt, arch, current: id === imageId })),
    ...(disk === undefined || diskId === undefined ? {} : { disk: { id: diskId, ...disk } }),
  };
}

async function* consoleLines(
  { record, paths }: { record: RecordStore; paths: MachinePaths },
  signal: AbortSignal,
): AsyncGenerator<{ text: string }> {
  const last = (await listRunLogs(paths.logs)).at(-1);
  const path = record.current.run?.consoleLog ?? (last === undefined ? undefined : join(last, "console.log"));
  if (path === undefined) throw new AppError("not_found", "The machine has no console now; start it first.");
  for await (const text of tailLines(path, signal)) yield { text };
}
