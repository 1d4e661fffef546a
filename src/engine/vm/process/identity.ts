import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { poll } from "../deadline.ts";
import type { ProcessIdentity } from "../driver.ts";

const run = promisify(execFile);

/** Start time of a process as the system tells it, or undefined where there is no such process. */
export async function readStartTime(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux") return startTimeOfStat(await readFile(`/proc/${pid}/stat`, "utf8"));
    if (process.platform === "win32") return await startTimeOnWindows(pid);
    const { stdout } = await run("ps", ["-o", "lstart=,stat=", "-p", String(pid)], { timeout: 5_000 });
    const text = stdout.trim();
    return text === "" || /Z\S*$/.test(text) ? undefined : text.replace(/\s+\S+$/, "");
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat; a zombie counts as gone. The name in field 2 may hold spaces and brackets. */
export function startTimeOfStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

async function startTimeOnWindows(pid: number): Promise<string | undefined> {
  const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const { stdout } = await run("powershell.exe", ["-NoProfile", "-Command", script], { timeout: 10_000 });
  return stdout.trim() || undefined;
}

/** Identity of a running process; undefined where it has ended already. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const startTime = await readStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** True while exactly this process lives, not another that got its number. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await readStartTime(identity.pid)) === identity.startTime;
}

/** Sends a signal to exactly this process; false where it is gone. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a process that was killed is gone, at most 10 s. */
export async function untilGone(identity: ProcessIdentity): Promise<void> {
  const ask = async (): Promise<true | undefined> => ((await isAlive(identity)) ? undefined : true);
  await poll(ask, { everyMs: 50, timeoutMs: 10_000, what: `Process ${identity.pid} did not end` });
}
