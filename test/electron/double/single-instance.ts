import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Electron's rule for second instances, by files: the first process of a folder holds it, the others leave a message
 * with their arguments. Answers at once, as Electron's call does.
 */
export function claimInstance(userData: string, onSecond: (argv: string[]) => void): boolean {
  const lock = join(userData, "SingletonLock");
  const inbox = join(userData, "second-instances");
  mkdirSync(inbox, { recursive: true });
  if (holderOf(lock) !== undefined) {
    writeFileSync(join(inbox, String(process.pid)), JSON.stringify(process.argv));
    return false;
  }
  writeFileSync(lock, String(process.pid));
  const watcher = watch(inbox, () => {
    for (const name of readdirSync(inbox)) {
      const text = readFileSync(join(inbox, name), "utf8");
      // Seen between its creation and its writing: the write brings another event.
      if (!text) continue;
      unlinkSync(join(inbox, name));
      onSecond(JSON.parse(text));
    }
  });
  watcher.unref();
  process.on("exit", () => rmSync(lock, { force: true }));
  return true;
}
