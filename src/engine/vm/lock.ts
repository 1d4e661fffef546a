import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "#contract/errors.ts";

export interface MachineLock {
  release(): void;
}

/**
 * The lock that keeps two apps from driving one machine. SQLite's exclusive lock is the system's own: it goes
 * when its holder ends, however it ends, so that no stale lock has to be recognised. Throws `conflict`.
 */
export async function lockMachine(folder: string): Promise<MachineLock> {
  const holder = join(folder, "lock.holder");
  const database = new DatabaseSync(join(folder, "lock.sqlite"));
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    const pid = await readFile(holder, "utf8").catch(() => "unknown");
    throw new AppError(
      "conflict",
      `Another Longshore (process ${pid.trim()}) drives the machine in ${folder}. Quit it, or use that one.`,
      { cause },
    );
  }
  await writeFile(holder, `${process.pid}\n`, { mode: 0o600 });
  return { release: () => database.close() };
}
