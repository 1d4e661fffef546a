import { AppError } from "#contract/errors.ts";
import type { LiveMachine, MachineContext } from "./context.ts";
import { withDeadline } from "./deadline.ts";

/** dockerd gives its containers 10 s; unmounting and a busy host need their part. */
const cleanStopMs = 40_000;
const buttonAfterMs = 1_500;

/** Shuts the guest down cleanly; after the deadline it is flushed and ended hard. Returns a note on the latter. */
export async function stopMachine(context: MachineContext, live: LiveMachine): Promise<string | undefined> {
  const { guest, commands } = live;
  const condition = await guest.condition().catch(() => undefined);
  const inventory = condition === "running" ? await commands.inventory().catch(() => undefined) : undefined;
  // dockerd waits five seconds for a connection on which nothing was asked yet.
  live.docker.close();
  guest.link.dropSpare();
  let note: string | undefined;
  try {
    if (condition === "hung") throw new AppError("timeout", "The hypervisor hangs.");
    await requestStop(live);
    await withDeadline(guest.ended, cleanStopMs, "The guest did not shut down");
  } catch {
    note = `The machine did not shut down within ${cleanStopMs / 1000} s and was ended; its disk is checked at the next start.`;
    await guest.kill().catch(() => undefined);
  }
  const ownDisk = live.diskId === context.record.current.diskId;
  await context.record.update({
    run: undefined,
    ...(inventory && ownDisk ? { inventory } : {}),
    ...(note === undefined ? {} : { checkDisk: true }),
  });
  return note;
}

/** The guest's own command is surer while it answers; the power button needs nothing but the kernel. */
async function requestStop({ guest, commands }: LiveMachine): Promise<void> {
  const asked = commands.shutdown().catch(() => undefined);
  const pressing = setTimeout(() => {
    guest.powerDown().catch(() => undefined);
  }, buttonAfterMs);
  void guest.ended.then(() => clearTimeout(pressing));
  await Promise.race([asked, guest.ended]);
}
