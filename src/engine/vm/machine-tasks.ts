import { rm } from "node:fs/promises";
import { AppError } from "#contract/errors.ts";
import type { Inventory, MachineRepair, MachineSettings, SettingChange, StoredDisk } from "#contract/machine.ts";
import type { MachineContext } from "./context.ts";
import { collectDiagnostics } from "./diagnostics.ts";
import { exportDisk, importDisk, type Progress } from "./disk/archive.ts";
import { shrinkDisk } from "./disk/shrink.ts";
import type { MachineLife } from "./machine.ts";
import { diffSettings, needsRestart } from "./settings-diff.ts";
import { checkShares } from "./socket/bind-check.ts";
import { stateFileOf } from "./suspend.ts";
import { watchUsage } from "./usage.ts";

const machineName = "longshore";

interface Parts {
  readonly context: MachineContext;
  readonly life: MachineLife;
  /** Makes new keys at the next start. */
  readonly forgetKeys: () => Promise<void>;
  /** Called when settings that apply at once have changed. */
  readonly onSettings: () => void;
}

/** Everything that is done to a machine beside running it. Each task is one operation of the machine's queue. */
export function machineTasks(parts: Parts) {
  const { context, life } = parts;
  return {
    repair: (repair: MachineRepair) => repairMachine(parts, repair),
    diffSettings: (settings: MachineSettings) => diffSettings(context.record.current.settings, settings),
    applySettings: (settings: MachineSettings) => life.inTurn(() => applySettings(parts, settings)),
    factoryReset: (confirm: string) => life.inTurn(() => factoryReset(parts, confirm)),
    exportDisk: (path: string, progress: Progress) =>
      whileStopped(parts, async (diskId) => ({
        sizeBytes: await exportDisk(context.disks.pathOf(diskId), path, progress),
      })),
    importDisk: (path: string, progress: Progress) =>
      life.inTurn(() => replaceDisk(parts, () => unpack(context, path, progress))),
    useDisk: (id: string) => life.inTurn(() => replaceDisk(parts, () => takeDisk(context, id))),
    listDisks: () => context.disks.list(context.record.current.diskId),
    deleteDisk: (id: string, confirm: string) => deleteDisk(context, id, confirm),
    inventory: (): Promise<Inventory> => readInventory(parts),
    usage: (signal: AbortSignal) => watchUsage(context, () => life.live, signal),
    trim: () => trimDisk(parts),
  };
}

async function trimDisk({ context, life }: Parts): Promise<{ freedBytes: number }> {
  const { live } = life;
  if (!live) throw new AppError("unavailable", "The machine does not run. Start it to give its free space back.");
  const before = await context.disks.use(live.diskId);
  await live.commands.trim();
  const after = await context.disks.use(live.diskId);
  return { freedBytes: Math.max(0, before.onHostBytes - after.onHostBytes) };
}

function never(): AbortSignal {
  return new AbortController().signal;
}

async function readInventory({ context, life }: Parts): Promise<Inventory> {
  if (life.live) return life.live.commands.inventory();
  const { inventory } = context.record.current;
  if (inventory) return inventory;
  throw new AppError("unavailable", "The machine does not run. Start it to see what is on its disk.");
}

async function repairMachine(parts: Parts, repair: MachineRepair): Promise<{ message: string; path?: string }> {
  const { context, life } = parts;
  if (repair === "collect-diagnostics") {
    const path = await collectDiagnostics(context, life.state.status === "running" ? life.live : undefined);
    return { message: `The diagnostics were written to ${path}.`, path };
  }
  if (repair === "continue-after-space") {
    await life.live?.guest.abilities.continueAfterSpace?.();
    return { message: "The machine goes on as soon as it answers." };
  }
  await life.inTurn(async () => {
    await prepareRepair(parts, repair);
    await life.boot();
  });
  return { message: "The machine was repaired and runs." };
}

type BootRepair = Exclude<MachineRepair, "collect-diagnostics" | "continue-after-space">;

async function prepareRepair(parts: Parts, repair: BootRepair): Promise<void> {
  const { context, life, forgetKeys } = parts;
  const { record, paths } = context;
  if (life.state.status === "running") await life.bringDown();
  await life.killLeftovers();
  switch (repair) {
    case "start-again":
      return;
    case "check-disk":
      return record.update({ checkDisk: true });
    case "rebuild-network":
      return forgetKeys();
    case "recreate-machine":
      await forgetKeys();
      await rm(stateFileOf(context), { force: true });
      await rm(`${paths.machine}/config.raw`, { force: true });
      await rm(`${paths.machine}/accelerator.json`, { force: true });
      return record.update({ suspended: undefined, checkDisk: true });
    case "use-software-emulation":
      return record.update({ settings: { ...record.current.settings, accelerator: "software" } });
    case "use-older-image": {
      const { previousImageId, settings } = record.current;
      if (previousImageId === undefined) throw new AppError("not_found", "There is no older image on this computer.");
      return record.update({ settings: { ...settings, imageId: previousImageId } });
    }
  }
}

async function applySettings(parts: Parts, settings: MachineSettings): Promise<SettingChange[]> {
  const { context, life, onSettings } = parts;
  const { record, disks } = context;
  const badShare = checkShares(settings.sharedFolders);
  if (badShare !== undefined) throw new AppError("bad_request", badShare);
  const changes = diffSettings(record.current.settings, settings);
  if (changes.length === 0) return changes;
  const { status } = life.state;
  const wasUp = status === "running" || status === "suspended";
  // A suspended guest fits only its own settings; it is woken to be stopped in order.
  const touchesDisk = changes.some(({ setting }) => setting === "diskBytes");
  if (status === "suspended" && (needsRestart(changes) || touchesDisk)) await life.wake();
  const shrinks = changes.some(({ effect }) => effect === "copy-disk");
  if (shrinks) await shrink(parts, settings, wasUp);
  else if (needsRestart(changes)) await life.bringDown();
  await record.update({ settings });
  onSettings();
  const { diskId } = record.current;
  if (touchesDisk && !shrinks && diskId !== undefined) {
    await disks.grow(diskId, settings.diskBytes);
    await life.live?.guest.abilities.diskResize?.growDisk(settings.diskBytes);
    await life.live?.commands.growDisk();
  }
  if (wasUp && !life.live) await life.boot();
  return changes;
}

/**
 * The copy is booted with the other new settings already. Where it fails, the old ones hold again, and a machine that
 * was up comes up on its own disk.
 */
async function shrink({ context, life }: Parts, settings: MachineSettings, wasUp: boolean): Promise<void> {
  const { record } = context;
  const before = record.current.settings;
  const toBytes = settings.diskBytes;
  try {
    await shrinkDisk(
      {
        context,
        toBytes,
        boot: async (options) => {
          await record.update({ settings: { ...settings, diskBytes: before.diskBytes } });
          return life.boot(options, "The disk was made smaller and is checked.");
        },
        stop: () => life.bringDown(),
        live: () => life.live,
      },
      never(),
    );
    if (!wasUp) await life.bringDown();
  } catch (error) {
    await record.update({ settings: before });
    if (wasUp && !life.live) await life.boot().catch(() => undefined);
    throw error;
  }
}

async function factoryReset({ context, life }: Parts, confirm: string): Promise<{ trashedDisk?: string }> {
  if (confirm !== machineName) throw new AppError("bad_request", `Type "${machineName}" to reset the machine.`);
  const { record, disks, store } = context;
  if (life.live) await life.bringDown();
  await life.killLeftovers();
  await rm(stateFileOf(context), { force: true });
  const { diskId } = record.current;
  if (diskId !== undefined && (await disks.exists(diskId))) await disks.moveToTrash(diskId, "factory reset");
  await record.update({
    diskId: undefined,
    newDisk: undefined,
    suspended: undefined,
    inventory: undefined,
    checkDisk: undefined,
  });
  store.dispatch({ type: "absent" });
  return diskId === undefined ? {} : { trashedDisk: diskId };
}

/** Runs work on the disk of a machine that is stopped for it and started again afterwards. */
function whileStopped<T>({ context, life }: Parts, work: (diskId: string) => Promise<T>): Promise<T> {
  return life.inTurn(async () => {
    const { diskId } = context.record.current;
    if (diskId === undefined) throw new AppError("not_found", "There is no data disk yet.");
    const wasUp = life.state.status === "running" || life.state.status === "suspended";
    if (life.state.status === "suspended") await life.wake();
    await life.bringDown();
    try {
      return await work(diskId);
    } finally {
      if (wasUp) await life.boot();
    }
  });
}

/** Puts another disk in the place of the machine's, which stays as an orphan. */
async function replaceDisk({ context, life }: Parts, find: () => Promise<string>): Promise<void> {
  // First, so that a file that is no disk, or does not fit, leaves a running machine as it is.
  const diskId = await find();
  const wasUp = life.state.status === "running" || life.state.status === "suspended";
  if (life.state.status === "suspended") await life.wake();
  await life.bringDown();
  const { maxBytes } = await context.disks.use(diskId);
  const settings = { ...context.record.current.settings, diskBytes: maxBytes };
  const forget = { newDisk: undefined, inventory: undefined, suspended: undefined };
  await context.record.update({ diskId, settings, ...forget, checkDisk: true });
  if (wasUp) await life.boot();
  else context.store.dispatch({ type: "stopped" });
}

async function unpack({ disks }: MachineContext, path: string, progress: Progress): Promise<string> {
  const { id, path: target } = disks.reserve();
  await importDisk(path, target, progress);
  return id;
}

async function takeDisk(context: MachineContext, id: string): Promise<string> {
  const disk = await findDisk(context, id);
  if (disk.place === "trash") await context.disks.restore(id);
  return id;
}

async function findDisk({ disks, record }: MachineContext, id: string): Promise<StoredDisk> {
  const disk = (await disks.list(record.current.diskId)).find((candidate) => candidate.id === id);
  if (!disk) throw new AppError("not_found", `There is no unused disk ${id}.`);
  return disk;
}

async function deleteDisk(context: MachineContext, id: string, confirm: string): Promise<void> {
  const disk = await findDisk(context, id);
  if (confirm !== id) throw new AppError("bad_request", `Type "${id}" to delete that disk for good.`);
  await context.disks.remove(disk);
}
