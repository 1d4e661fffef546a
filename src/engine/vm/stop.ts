import { AppError } from "#contract/errors.ts";
import type { LiveMachine, MachineContext } from "./context.ts";
import { withDeadline } from "./deadline.ts";

/** dockerd gives its containers 10 s; unmounting and a busy host need their part. */
const cleanStopMs = 40_000;

/** Shuts the guest down cleanly; after the deadline it is flushed and ended hard. Returns a note on the latter. */
export async function stopMachine(context: MachineContext, live: LiveMachine): Promise<string | undefined> {
  const { guest, commands } = live;
  const condition = await guest.condition().catch(() => undefined);
  const inventory = condition === "running" ? await commands.inventory().catch(() => undefined) : undefined;
  let note: string | undefined;
  try {
    if (condition === "hung") throw new AppError("timeout", "The hypervisor hangs.");
    // The power button needs nothing but the kernel; the guest's own command is surer while it answers.
    await commands.shutdown().catch(() => guest.powerDown());
    await withDeadline(guest.ended, cleanStopMs, "The guest did not shut down");
  } catch {
    note = `The machine did not shut down within ${cleanStopMs / 1000} s and was ended; its disk is checked at the next start.`;
    await guest.kill().catch(() => undefined);
  }
  live.docker.close();
  const ownDisk = live.diskId === context.record.current.diskId;
  await context.record.update({
    run: undefined,
    ...(inventory && ownDisk ? { inventory } : {}),
    ...(note === undefined ? {} : { checkDisk: true }),
  });
  return note;
}
