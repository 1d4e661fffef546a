import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CpioEntry, writeCpio } from "./cpio.ts";
import type { KernelModule } from "./kernel-modules.ts";

const applets = ["cat", "insmod", "mkdir", "mount", "sh", "sleep", "switch_root"];

/** The initial RAM disk: busybox, the modules of the root disk in load order, and `/init`. */
export async function buildInitrd(
  tree: string,
  guestFolder: string,
  modules: readonly KernelModule[],
): Promise<Buffer> {
  const busybox = await readFile(join(tree, "usr/bin/busybox"));
  const init = await readFile(join(guestFolder, "initrd-init"));
  const entries: CpioEntry[] = [
    ...["bin", "dev", "lib", "proc", "root", "sys"].map((path) => ({ path, kind: "directory" }) as const),
    { path: "bin/busybox", kind: "file", content: busybox, executable: true },
    ...applets.map((applet) => ({ path: `bin/${applet}`, kind: "link", target: "busybox" }) as const),
    { path: "init", kind: "file", content: init, executable: true },
    ...modules.map(({ name, content }) => ({ path: `lib/${name}.ko`, kind: "file", content }) as const),
    { path: "lib/order", kind: "file", content: Buffer.from(modules.map(({ name }) => `${name}\n`).join("")) },
  ];
  return writeCpio(entries);
}
