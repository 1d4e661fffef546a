import { AppError } from "#contract/errors.ts";
import { withDeadline } from "../deadline.ts";
import type { Guest, GuestCondition, GuestLink, RunRecord } from "../driver.ts";
import { isAlive, signalProcess } from "../process/identity.ts";
import type { Launched } from "../process/launch.ts";
import { qemuForwarding } from "./forwards.ts";
import { resumeFromFile, suspendToFile } from "./migrate.ts";
import type { Qmp } from "./qmp.ts";

interface QemuGuestOptions {
  readonly qmp: Qmp;
  readonly record: RunRecord;
  readonly link: GuestLink;
  readonly end: Launched;
}

/** A running guest, over QEMU's control protocol. */
export function qemuGuest({ qmp, record, link, end }: QemuGuestOptions): Guest {
  const release = () => {
    qmp.close();
    link.close();
  };
  const ended = end.ended.then((how) => {
    release();
    return how;
  });
  const kill = async () => {
    await signalProcess(end.identity, "SIGKILL");
    await withDeadline(ended, 10_000, "QEMU did not end");
  };
  return {
    record,
    link,
    ended,
    kill,
    release,
    powerDown: async () => {
      await qmp.execute("system_powerdown");
    },
    condition: () => conditionOf(qmp, end),
    abilities: {
      portForwarding: qemuForwarding(qmp),
      suspend: {
        suspendTo: async (_file, signal) => {
          await suspendToFile(qmp, record.driverVersion, signal);
          await qmp.execute("quit").catch(() => undefined);
          await withDeadline(ended, 10_000, "QEMU did not end after it had written the state");
        },
        finishResume: (signal) => resumeFromFile(qmp, record.driverVersion, signal),
      },
      diskResize: {
        growDisk: async (sizeBytes) => {
          await qmp.execute("block_resize", { device: "data", size: sizeBytes });
        },
      },
      balloon: {
        setMemory: async (sizeBytes) => {
          await qmp.execute("balloon", { value: sizeBytes });
        },
      },
      continueAfterSpace: async () => {
        await qmp.execute("cont");
      },
    },
  };
}

async function conditionOf(qmp: Qmp, end: Launched): Promise<GuestCondition> {
  try {
    const answer = (await qmp.execute("query-status", {}, 2_000)) as { status?: string };
    if (answer.status === "io-error") return "no-space";
    // KVM may run a test guest and still give up at an instruction of the kernel; seen on nested hosts.
    if (answer.status === "internal-error") return "failed";
    return answer.status === "running" ? "running" : "paused";
  } catch (error) {
    if (!(await isAlive(end.identity))) throw new AppError("unavailable", "QEMU has ended.", { cause: error });
    return "hung";
  }
}
