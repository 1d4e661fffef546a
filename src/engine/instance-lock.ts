import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AppError } from "#contract/errors.ts";

export interface InstanceLock {
  release(): void;
}

/** Locks end with their databases, and a database ends when nothing holds it: so these are held whatever a caller keeps. */
const held = new Set<DatabaseSync>();

/**
 * Takes the folder for this process; browser mode and desktop share the lock. It is a lock of the kernel's, held through
 * SQLite because Node has no `flock`: it ends with the process however that dies, so it can never be stale.
 * Errors: conflict, with the process that holds it.
 */
export function lockHome(home: string): InstanceLock {
  const holderFile = join(home, "instance.json");
  const database = new DatabaseSync(join(home, "instance.lock"), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new AppError(
      "conflict",
      `${holderOf(holderFile)} already uses ${home}. Close it, or choose another --home.`,
      {
        cause,
      },
    );
  }
  held.add(database);
  writeFileSync(holderFile, JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  return {
    release() {
      rmSync(holderFile, { force: true });
      database.close();
      held.delete(database);
    },
  };
}

function holderOf(file: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof holder === "object" && holder && "pid" in holder && typeof holder.pid === "number")
      return `Another Longshore (process ${holder.pid})`;
  } catch {
    // The other process is between its lock and its note.
  }
  return "Another Longshore";
}
