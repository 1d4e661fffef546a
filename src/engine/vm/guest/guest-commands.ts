import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import { type Inventory, inventory } from "#contract/machine.ts";
import type { GuestLink } from "../driver.ts";

const guestStatus = z.object({
  uptimeSeconds: z.number(),
  memory: z.object({ totalBytes: z.number(), usedBytes: z.number() }),
  data: z.object({ sizeBytes: z.number().default(0), usedBytes: z.number().default(0) }),
  versions: z.record(z.string(), z.string()),
  dockerd: z.boolean(),
});
export type GuestStatus = z.infer<typeof guestStatus>;

/** What the guest can be asked to do, by `longshore-guest` over the link; each has a deadline. */
export function guestCommands(link: GuestLink) {
  const ask = async <T>(schema: z.ZodType<T>, words: readonly string[], timeoutMs?: number): Promise<T> => {
    const text = await link.runGuest(words, timeoutMs);
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new AppError(
      "internal",
      `The guest answered "${words.join(" ")}" with something else: ${text.slice(0, 200)}`,
    );
  };
  const anything = z.unknown();
  return {
    status: (): Promise<GuestStatus> => ask(guestStatus, ["status"]),
    setClock: () => ask(anything, ["set-clock", epochNow()]),
    prepareSuspend: () => ask(anything, ["prepare-suspend"], 20_000),
    afterResume: () => ask(anything, ["after-resume", epochNow()], 20_000),
    trim: () => ask(anything, ["trim"], 120_000),
    growDisk: () => ask(anything, ["grow-disk"], 120_000),
    inventory: (): Promise<Inventory> => ask(inventory, ["inventory"], 30_000),
    /** What was on the disk at its last orderly stop; undefined where there was none, or by an older guest. */
    lastInventory: async (): Promise<Inventory | undefined> => {
      const parsed = inventory.safeParse(await ask(anything, ["last-inventory"]).catch(() => undefined));
      return parsed.success ? parsed.data : undefined;
    },
    /** Asks for a clean shutdown and returns; the hypervisor ends when it is through. */
    shutdown: () => ask(anything, ["shutdown"], 10_000),
    logs: (which: "docker" | "containerd" | "kernel", lines: number) =>
      link.runGuest(["logs", which, String(lines)], 20_000),
  };
}

export type GuestCommands = ReturnType<typeof guestCommands>;

function epochNow(): string {
  return (Date.now() / 1000).toFixed(3);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
