import { randomUUID } from "node:crypto";
import { copyFile, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { inventory, type MachineSettings, machineSettings } from "#contract/machine.ts";

const runRecord = z.object({
  driver: z.enum(["qemu", "vfkit", "wsl"]),
  name: z.string(),
  process: z.object({ pid: z.number(), startTime: z.string() }).optional(),
  runDir: z.string(),
  sshPort: z.number().optional(),
  driverVersion: z.string(),
  accelerator: z.string(),
  reason: z.string(),
});

const recordSchema = z.object({
  /** Name of the machine, by which its processes are recognised. */
  name: z.string(),
  diskId: z.string().optional(),
  /** Image that was booted last, and the one before. */
  imageId: z.string().optional(),
  previousImageId: z.string().optional(),
  /** The guest that runs, with its disk: a maintenance run has another one than the machine. */
  run: z.object({ guest: runRecord, diskId: z.string(), imageId: z.string(), consoleLog: z.string() }).optional(),
  /** A state file that may be resumed once, and what it fits. */
  suspended: z.object({ key: z.string(), at: z.number(), sizeBytes: z.number(), imageId: z.string() }).optional(),
  /** The disk was made for this machine and no start on it has succeeded yet. */
  newDisk: z.boolean().optional(),
  /** Check the data disk at the next start. */
  checkDisk: z.boolean().optional(),
  /** What was on the disk at the last clean stop. */
  inventory: inventory.optional(),
  settings: machineSettings,
});

/** What the machine remembers from one run of the app to the next. */
export type MachineRecord = z.infer<typeof recordSchema>;

type Changes = { readonly [K in keyof MachineRecord]?: MachineRecord[K] | undefined };

export interface RecordStore {
  readonly current: MachineRecord;
  /** Set where the file was damaged and an older one or a new one is used. */
  readonly notice: string | undefined;
  /** Writes the change, whole or not at all; `undefined` removes a field. Calls are queued. */
  update(changes: Changes): Promise<void>;
}

/** The record of a machine's folder, or a new one with these settings. */
export async function openRecord(folder: string, settings: Partial<MachineSettings>): Promise<RecordStore> {
  const file = join(folder, "machine.json");
  const backup = `${file}.bak`;
  const [present, older] = await Promise.all([readRecord(file), readRecord(backup)]);
  const damaged = present === "damaged";
  if (damaged) await rename(file, `${file}.damaged`);
  const known = present !== undefined && present !== "damaged" ? present : older;
  let current: MachineRecord =
    known !== undefined && known !== "damaged"
      ? known
      : { name: `longshore-${randomUUID().slice(0, 8)}`, settings: machineSettings.parse(settings) };
  let queue: Promise<void> = Promise.resolve();
  const write = async (next: MachineRecord) => {
    await copyFile(file, backup).catch(() => undefined);
    await writeDurably(file, `${JSON.stringify(next, undefined, 2)}\n`);
  };
  if (present === undefined || damaged) await write(current);
  return {
    get current() {
      return current;
    },
    notice: damaged ? `${file} was damaged; it was set aside and the older copy is used.` : undefined,
    update: (changes) => {
      current = recordSchema.parse({ ...current, ...changes });
      const next = current;
      const work = () => write(next);
      queue = queue.then(work, work);
      return queue;
    },
  };
}

async function readRecord(file: string): Promise<MachineRecord | "damaged" | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return "damaged";
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const target = await open(`${file}.new`, "w", 0o600);
  try {
    await target.writeFile(text);
    await target.sync();
  } finally {
    await target.close();
  }
  await rename(`${file}.new`, file);
}
