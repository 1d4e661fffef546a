import { AppError } from "#contract/errors.ts";
import { poll } from "../deadline.ts";
import { isAtLeast } from "./find-qemu.ts";
import type { Qmp } from "./qmp.ts";

/** `file:` came with QEMU 8.2; an older one writes through a program. */
const fileAddressSince = [8, 2] as const;

/**
 * Address of a state file for QEMU. QEMU runs in the folder of the file, so that its name is a constant and
 * no path of the user reaches a shell.
 */
export function stateAddress(direction: "out" | "in", version: string): string {
  if (isAtLeast(version, fileAddressSince)) return `file:${stateFileName}`;
  return direction === "out" ? `exec:cat > ${stateFileName}` : `exec:cat ${stateFileName}`;
}

export const stateFileName = "suspended.state";

/** Stops the guest, writes its state and ends QEMU. When it fails, the guest runs on. */
export async function suspendToFile(qmp: Qmp, version: string, signal: AbortSignal): Promise<void> {
  await qmp.execute("migrate-set-parameters", { "max-bandwidth": 10 ** 10 });
  await qmp.execute("stop");
  try {
    await qmp.execute("migrate", { uri: stateAddress("out", version) }, 30_000);
    await waitForMigration(qmp, signal);
  } catch (error) {
    await qmp.execute("migrate_cancel").catch(() => undefined);
    await qmp.execute("cont").catch(() => undefined);
    throw error;
  }
}

function waitForMigration(qmp: Qmp, signal: AbortSignal): Promise<true> {
  const ask = async (): Promise<true | undefined> => {
    const answer = (await qmp.execute("query-migrate")) as { status?: string; "error-desc"?: string };
    if (answer.status === "completed") return true;
    if (answer.status === "failed" || answer.status === "cancelled") {
      throw new AppError("internal", `QEMU could not write the state: ${answer["error-desc"] ?? answer.status}.`);
    }
    return undefined;
  };
  return poll(ask, { everyMs: 50, timeoutMs: 60_000, signal, what: "The state was not written" });
}

/** Reads the state into a QEMU started with `-incoming defer`, then lets the guest run. */
export async function resumeFromFile(qmp: Qmp, version: string, signal: AbortSignal): Promise<void> {
  await qmp.execute("migrate-set-parameters", { "max-bandwidth": 10 ** 10 });
  await qmp.execute("migrate-incoming", { uri: stateAddress("in", version) }, 10_000);
  const ask = async (): Promise<true | undefined> => {
    const answer = (await qmp.execute("query-status")) as { status?: string };
    return answer.status === "inmigrate" ? undefined : true;
  };
  await poll(ask, { everyMs: 30, timeoutMs: 30_000, signal, what: "The suspended state was not read" });
  await qmp.execute("cont");
}
