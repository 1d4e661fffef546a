import { readFile, statfs } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import type { MachineUsage } from "#contract/machine.ts";
import type { LiveMachine, MachineContext } from "./context.ts";
import { sleep } from "./deadline.ts";

/** Asking the guest runs a program in it: often enough to look alive, seldom enough to cost nothing. */
const everyMs = 5_000;

/** What the machine takes, measured every few seconds until the signal fires. */
export async function* watchUsage(
  context: MachineContext,
  live: () => LiveMachine | undefined,
  signal: AbortSignal,
): AsyncGenerator<MachineUsage> {
  while (!signal.aborted) {
    yield await measure(context, live());
    await sleep(everyMs, signal).catch(() => undefined);
  }
}

async function measure(context: MachineContext, live: LiveMachine | undefined): Promise<MachineUsage> {
  const { disks, paths, record } = context;
  const { diskId } = record.current;
  const [status, hostMemoryBytes, disk, place] = await Promise.all([
    live?.commands.status().catch(() => undefined),
    live ? residentBytes(live.guest.record.process?.pid) : undefined,
    diskId === undefined ? undefined : disks.use(diskId).catch(() => undefined),
    statfs(paths.disks),
  ]);
  return {
    host: { cpus: cpus().length, memoryBytes: totalmem(), freeDiskBytes: place.bavail * place.bsize },
    ...(hostMemoryBytes === undefined ? {} : { hostMemoryBytes }),
    ...(disk === undefined ? {} : { hostDiskBytes: disk.onHostBytes }),
    ...(status === undefined
      ? {}
      : {
          guestMemory: status.memory,
          guestDisk: { totalBytes: status.data.sizeBytes, usedBytes: status.data.usedBytes },
        }),
  };
}

/** Resident memory of a process by /proc; undefined on other systems. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined || process.platform !== "linux") return undefined;
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
