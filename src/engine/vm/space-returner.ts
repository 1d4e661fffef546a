import type { LiveMachine, MachineLog } from "./context.ts";
import { sleep } from "./deadline.ts";

/** Events after which space may have become free: deletions and prunes. */
const filters = encodeURIComponent(
  JSON.stringify({ type: ["image", "volume", "container", "builder"], event: ["delete", "destroy", "prune"] }),
);
const settleMs = 3_000;

/**
 * Gives freed space back to the host without being asked: after deletions the guest trims its file system,
 * which punches holes into the sparse disk. Ends with the signal.
 */
export async function spaceReturner(
  { docker, commands }: LiveMachine,
  log: MachineLog,
  signal: AbortSignal,
): Promise<void> {
  let planned: NodeJS.Timeout | undefined;
  const trim = () => {
    planned = undefined;
    commands.trim().catch((error: unknown) => {
      if (!signal.aborted) log.warn("the data disk could not be trimmed", { error: String(error) });
    });
  };
  while (!signal.aborted) {
    try {
      for await (const _line of docker.lines(`/events?filters=${filters}`, signal)) {
        clearTimeout(planned);
        planned = setTimeout(trim, settleMs);
      }
    } catch {
      // Asked again below; while the guest does not answer, the health watch tells.
    }
    await sleep(2_000, signal).catch(() => undefined);
  }
  clearTimeout(planned);
}
