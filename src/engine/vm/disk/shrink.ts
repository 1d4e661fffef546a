import { AppError } from "#contract/errors.ts";
import type { BootOptions } from "../boot.ts";
import type { LiveMachine, MachineContext } from "../context.ts";
import { shrinkOnHost } from "./host-resize.ts";
import { differenceSinceStop } from "./inventory.ts";
import { readExt4Size } from "./superblock.ts";

interface ShrinkOptions {
  readonly context: MachineContext;
  readonly toBytes: number;
  /** Boots and stops the machine, with the state told on the way. */
  readonly boot: (options: BootOptions) => Promise<LiveMachine>;
  readonly stop: () => Promise<void>;
  /** The machine, where it runs now. */
  readonly live: () => LiveMachine | undefined;
}

/** Room that a file system needs beside its files to be shrunk. */
const spareBytes = 512 * 2 ** 20;

/**
 * Makes the data disk smaller by a copy that is shrunk, booted and compared with what the original held at its
 * stop, before it takes its place; the original goes to the trash. Any failure leaves the original as it was, and
 * the machine stopped; else the machine runs on the copy.
 */
export async function shrinkDisk(
  { context, toBytes, boot, stop, live }: ShrinkOptions,
  signal: AbortSignal,
): Promise<void> {
  const { disks, record } = context;
  const original = record.current.diskId;
  if (original === undefined) return;
  const running = live();
  if (running) {
    // Refused before anything is stopped; and what the guest gives up now is not copied.
    refuseIfTooFull((await running.commands.status()).data.usedBytes, toBytes);
    await running.commands.trim().catch(() => undefined);
  }
  await stop();
  refuseIfTooFull((await readExt4Size(disks.pathOf(original))).usedBytes, toBytes);
  const copy = await disks.copy(original, signal);
  try {
    if (!(await shrinkOnHost(disks.pathOf(copy), toBytes, context.env))) {
      await boot({ diskId: copy, shrinkToBytes: toBytes });
      await stop();
    }
    const { sizeBytes } = await readExt4Size(disks.pathOf(copy));
    if (sizeBytes > toBytes) throw new AppError("internal", "The copy's file system did not become smaller.");
    await disks.cutTo(copy, toBytes);
    const missing = await differenceSinceStop((await boot({ diskId: copy })).commands);
    if (missing !== "") throw new AppError("internal", `The smaller copy is not the same: ${missing}.`);
  } catch (error) {
    await stop();
    await disks.discardCopy(copy);
    throw error;
  }
  const settings = { ...record.current.settings, diskBytes: toBytes };
  await record.update({ diskId: copy, settings });
  await disks.moveToTrash(original, "replaced by a smaller copy");
}

function refuseIfTooFull(usedBytes: number, toBytes: number): void {
  if (usedBytes + spareBytes <= toBytes) return;
  const least = Math.ceil((usedBytes + spareBytes) / 2 ** 30);
  throw new AppError("bad_request", `The disk holds too much for that size; ${least} GiB is the least now.`);
}
