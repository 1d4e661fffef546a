import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Name and number of the process that holds a port of this computer, as far as this user may see it. */
export async function findPortHolder(protocol: "tcp" | "udp", port: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux") return await holderOnLinux(protocol, port);
    if (process.platform === "darwin") return await holderByLsof(protocol, port);
  } catch {
    // The name is an extra: without it the message still names the port.
  }
  return undefined;
}

async function holderOnLinux(protocol: "tcp" | "udp", port: number): Promise<string | undefined> {
  const tables = await Promise.all([protocol, `${protocol}6`].map((name) => readTable(name)));
  const inodes = new Set(tables.flatMap((table) => inodesOfPort(table, protocol, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of await readdir("/proc")) {
    if (/^\d+$/.test(pid) && (await holdsSocket(pid, inodes))) {
      const name = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
      return `${name} (process ${pid})`;
    }
  }
  return "a process of another user";
}

function readTable(name: string): Promise<string> {
  return readFile(`/proc/net/${name}`, "utf8").catch(() => "");
}

/** Inodes of the sockets bound to a port; of TCP only those that listen (state 0A). */
export function inodesOfPort(table: string, protocol: "tcp" | "udp", port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local = "", , state] = fields;
    const inode = fields[9];
    const bound = local.endsWith(`:${wanted}`) && (protocol === "udp" || state === "0A");
    return bound && inode !== undefined ? [inode] : [];
  });
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const name of names) {
    const target = await readlink(`/proc/${pid}/fd/${name}`).catch(() => "");
    if (inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "")) return true;
  }
  return false;
}

async function holderByLsof(protocol: "tcp" | "udp", port: number): Promise<string | undefined> {
  const state = protocol === "tcp" ? ["-sTCP:LISTEN"] : [];
  const { stdout } = await run("lsof", ["-nP", `-i${protocol.toUpperCase()}:${port}`, ...state, "-Fpc"], {
    timeout: 5_000,
  });
  return parseLsof(stdout);
}

/** First process of `lsof -Fpc`: lines `p<number>` and `c<command>`. */
export function parseLsof(output: string): string | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const name = /^c(.+)$/m.exec(output)?.[1];
  return pid === undefined ? undefined : `${name ?? "a program"} (process ${pid})`;
}
