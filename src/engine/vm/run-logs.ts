import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Files of one run of the machine. */
export interface RunLogs {
  readonly folder: string;
  readonly console: string;
  readonly hypervisor: string;
}

const keptRuns = 10;

/** A new folder for the logs of a run; the oldest ones are removed. */
export async function newRunLogs(logs: string): Promise<RunLogs> {
  const names = (await readdir(logs).catch(() => [])).filter((name) => name.startsWith("run-")).sort();
  for (const name of names.slice(0, Math.max(0, names.length - keptRuns + 1))) {
    await rm(join(logs, name), { recursive: true, force: true });
  }
  const folder = join(logs, `run-${new Date().toISOString().replaceAll(":", "-")}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return { folder, console: join(folder, "console.log"), hypervisor: join(folder, "hypervisor.log") };
}

/** Folders of the runs that are kept, oldest first. */
export async function listRunLogs(logs: string): Promise<string[]> {
  const names = (await readdir(logs).catch(() => [])).filter((name) => name.startsWith("run-")).sort();
  return names.map((name) => join(logs, name));
}
