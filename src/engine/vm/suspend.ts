import { createHash } from "node:crypto";
import { open, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#contract/errors.ts";
import { liveMachine } from "./boot.ts";
import { resumePlan } from "./boot-steps.ts";
import type { LiveMachine, MachineContext } from "./context.ts";
import { poll } from "./deadline.ts";
import { guestSpec } from "./guest-spec.ts";
import { listImages } from "./image-store.ts";
import { newRunLogs } from "./run-logs.ts";
import { stepRunner } from "./step-runner.ts";

/** File of the suspended guest; its name is the one that QEMU is told. */
export function stateFileOf(context: Pick<MachineContext, "paths">): string {
  return join(context.paths.machine, "suspended.state");
}

const spareBytes = 200 * 2 ** 20;

/**
 * Writes the running guest to the state file and ends it. The record names the file only once it is wholly on
 * the disk. When it throws, the guest runs on and its shares are mounted again.
 */
export async function suspendMachine(context: MachineContext, live: LiveMachine, signal: AbortSignal): Promise<number> {
  const suspend = live.guest.abilities.suspend;
  if (!suspend) throw new AppError("conflict", `${live.runtime.driver} cannot suspend a machine; stop it instead.`);
  const file = stateFileOf(context);
  await checkRoom(context, live);
  await rm(file, { force: true });
  try {
    await live.commands.prepareSuspend();
    await suspend.suspendTo(file, signal);
  } catch (error) {
    await live.commands.afterResume().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
  const sizeBytes = await flush(file);
  const { imageId } = live.runtime;
  const key = await suspendKey(context, live.runtime);
  await context.record.update({ run: undefined, suspended: { key, at: Date.now(), sizeBytes, imageId } });
  return sizeBytes;
}

async function checkRoom({ paths }: MachineContext, live: LiveMachine): Promise<void> {
  const { memory } = await live.commands.status();
  const { bavail, bsize } = await statfs(paths.machine);
  const needed = memory.usedBytes + spareBytes;
  if (bavail * bsize >= needed) return;
  const megabytes = Math.ceil(needed / 2 ** 20);
  throw new AppError(
    "unavailable",
    `Suspending needs ${megabytes} MB free in ${paths.machine}. Free some space first.`,
  );
}

/** A state file of which the system loses a part in a power cut would resume into a broken guest. */
async function flush(file: string): Promise<number> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

interface HypervisorFacts {
  readonly driver: string;
  readonly driverVersion: string;
  readonly accelerator: string;
  readonly imageId: string;
}

/** What must be the same for a state file to fit: image, hypervisor, and the shape of the machine. */
async function suspendKey({ record }: MachineContext, facts: HypervisorFacts): Promise<string> {
  const { settings, diskId } = record.current;
  const { cpus, memoryBytes, diskBytes, sharedFolders } = settings;
  const { driver, driverVersion, accelerator, imageId } = facts;
  const parts = [driver, driverVersion, accelerator, imageId, cpus, memoryBytes, diskBytes, sharedFolders, diskId];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Why the state file cannot be used; undefined where it fits. */
async function mismatch(context: MachineContext, signal: AbortSignal): Promise<string | undefined> {
  const { suspended } = context.record.current;
  const info = await stat(stateFileOf(context)).catch(() => undefined);
  if (!suspended || !info) return "its state file is gone";
  if (info.size !== suspended.sizeBytes) return "its state file is not whole";
  const { driver } = await context.driver(signal);
  const verdict = await driver.probe(signal);
  if (!verdict.usable) return verdict.reason;
  const { version: driverVersion, accelerator } = verdict;
  const facts = { driver: driver.name, driverVersion, accelerator, imageId: suspended.imageId };
  const same = (await suspendKey(context, facts)) === suspended.key;
  return same ? undefined : "the image, the hypervisor or the settings are others than then";
}

/**
 * Brings a suspended guest back. The caller has dispatched `resume`. Throws `conflict` with the reason where
 * the state does not fit; the state is never used twice, not even after a failure.
 */
export async function resumeMachine(context: MachineContext, signal: AbortSignal): Promise<LiveMachine> {
  const { run } = stepRunner(context, resumePlan);
  const { suspended, diskId } = context.record.current;
  const why = await mismatch(context, signal);
  if (why !== undefined || !suspended || diskId === undefined) {
    throw new AppError("conflict", `The suspended machine could not be resumed: ${why ?? "it has no disk"}.`);
  }
  const image = (await listImages(context.paths.images)).find(({ id }) => id === suspended.imageId);
  if (!image) throw new AppError("conflict", "The suspended machine's image is not there any more.");
  const logs = await newRunLogs(context.paths.logs);
  const { guest, reason } = await run("hypervisor", async () => {
    const { driver, reason } = await context.driver(signal);
    const parts = { image, diskId, logs, driver: driver.name, resumeFrom: stateFileOf(context) };
    const spec = await guestSpec(context, parts);
    return { guest: await driver.start(spec, signal), reason };
  });
  try {
    const runRecord = { guest: guest.record, diskId, imageId: image.id, consoleLog: logs.console };
    await run("memory", async () => {
      await context.record.update({ run: runRecord, suspended: undefined });
      await guest.abilities.suspend?.finishResume(signal);
    });
    const live = liveMachine(guest, { imageId: image.id, reason, diskId, adopted: false });
    await run("ssh", () => live.commands.afterResume());
    await run("api", async () => {
      const ask = async () => ((await live.docker.ping(5_000)) ? true : undefined);
      await poll(ask, { everyMs: 100, timeoutMs: 25_000, signal, what: "Docker did not answer" });
    });
    return live;
  } catch (error) {
    await guest.kill().catch(() => undefined);
    await context.record.update({ run: undefined, suspended: undefined });
    throw error;
  } finally {
    await rm(stateFileOf(context), { force: true });
  }
}
