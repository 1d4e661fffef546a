import { AppError } from "#contract/errors.ts";
import type { Inventory } from "#contract/machine.ts";
import type { BootOptions } from "../boot.ts";
import type { LiveMachine, MachineContext } from "../context.ts";
import { shrinkOnHost } from "./host-resize.ts";

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
 * Makes the data disk smaller by a copy that is shrunk, booted and compared with the original before it takes
 * its place; the original goes to the trash. Any failure leaves the original as it was. Ends stopped.
 */
export async function shrinkDisk(
  { context, toBytes, boot, stop, live }: ShrinkOptions,
  signal: AbortSignal,
): Promise<void> {
  const { disks, record } = context;
  const original = record.current.diskId;
  if (original === undefined) return;
  const before = await measure(live() ?? (await boot({})));
  if (before.usedBytes + spareBytes > toBytes) {
    const least = Math.ceil((before.usedBytes + spareBytes) / 2 ** 30);
    throw new AppError("bad_request", `The disk holds too much for that size; ${least} GiB is the least now.`);
  }
  await stop();
  const copy = await disks.copy(original, signal);
  try {
    if (!(await shrinkOnHost(disks.pathOf(copy), toBytes, context.env))) {
      await boot({ diskId: copy, shrinkToBytes: toBytes });
      await stop();
    }
    await disks.cutTo(copy, toBytes);
    const checked = await measure(await boot({ diskId: copy }));
    await stop();
    if (checked.sizeBytes > toBytes) throw new AppError("internal", "The copy's file system did not become smaller.");
    const missing = inventoryDifference(before.inventory, checked.inventory);
    if (missing !== "") throw new AppError("internal", `The smaller copy is not the same: ${missing}.`);
  } catch (error) {
    await stop();
    await disks.discardCopy(copy);
    throw error;
  }
  await record.update({ diskId: copy });
  await disks.moveToTrash(original, "replaced by a smaller copy");
}

async function measure({ commands }: LiveMachine) {
  const [{ data }, inventory] = await Promise.all([commands.status(), commands.inventory()]);
  return { ...data, inventory };
}

/** What of the first inventory is not in the second, or the other way round; empty where they are the same. */
export function inventoryDifference(before: Inventory, after: Inventory): string {
  const kinds = ["containers", "images", "volumes"] as const;
  const parts = kinds.flatMap((kind) => {
    const gone = before[kind].filter((id) => !after[kind].includes(id));
    const more = after[kind].filter((id) => !before[kind].includes(id));
    return [
      ...(gone.length > 0 ? [`${gone.length} ${kind} missing (${gone.slice(0, 3).join(", ")})`] : []),
      ...(more.length > 0 ? [`${more.length} ${kind} more (${more.slice(0, 3).join(", ")})`] : []),
    ];
  });
  return parts.join("; ");
}
