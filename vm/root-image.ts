import { rm } from "node:fs/promises";
import { runCommand } from "./run-command.ts";

/** Fixed: a random one would make each build differ. */
const fileSystemId = "6c6f6e67-7368-4f72-a500-000000000001";

/**
 * The immutable root as erofs: owner root, times zero, no extended attributes of the build host.
 * Not compressed: reading is quicker so, and what is shipped is compressed as a whole.
 */
export async function makeRootImage(tree: string, target: string, signal?: AbortSignal): Promise<void> {
  await rm(target, { force: true });
  const args = ["--all-root", "-T0", "-x-1", `-U${fileSystemId}`, "--quiet", target, tree];
  await runCommand("mkfs.erofs", args, signal ? { signal } : {});
}
