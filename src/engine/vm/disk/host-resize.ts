import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const timeoutMs = 900_000;

/**
 * Shrinks the file system of a disk with the computer's own e2fsprogs. False where it has none or they fail:
 * then the guest does it, which under emulation takes many times longer. Only ever called with a copy.
 */
export async function shrinkOnHost(disk: string, toBytes: number, env: NodeJS.ProcessEnv): Promise<boolean> {
  const path = `${env.PATH ?? ""}:/usr/sbin:/sbin`;
  const options = { env: { ...env, PATH: path }, timeout: timeoutMs };
  try {
    // 1 means that errors were mended, which is what a check is for.
    await run("e2fsck", ["-f", "-y", disk], options).catch((error: { code?: unknown }) => {
      if (error.code !== 1) throw error;
    });
    await run("resize2fs", [disk, `${Math.floor(toBytes / 1024)}K`], options);
    return true;
  } catch {
    return false;
  }
}
