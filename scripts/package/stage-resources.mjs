// Lays out what goes beside the app's archive for one architecture: `vm/longshore-vm-ARCH.tar.zst` and, for Linux,
// `vm/qemu`. What was not built is left out; the app then fetches or builds the image, and uses the system's QEMU.
import { cpSync, existsSync, linkSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** electron-builder's numbers for architectures, with its name and Debian's. */
const architectures = { 1: ["x64", "amd64"], 3: ["arm64", "arm64"] };

/** Fills `out/resources/ARCH`; answers what is missing, in words. */
export function stageResources(archNumber, platform) {
  const [name, debianName] = architectures[archNumber] ?? [];
  if (!name) throw new Error(`Longshore is not packed for architecture ${archNumber}.`);
  const target = join(root, "out/resources", name, "vm");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const missing = [];
  const archive = `longshore-vm-${debianName}.tar.zst`;
  const image = join(root, "out/vm", debianName, archive);
  if (existsSync(image)) linkSync(image, join(target, archive));
  else missing.push(`the guest image (${archive}; npm run vm:image -- --shipping)`);
  if (platform !== "linux") return missing;
  const qemu = join(root, "out/vm/qemu");
  if (existsSync(qemu)) cpSync(qemu, join(target, "qemu"), { recursive: true, verbatimSymlinks: true });
  else missing.push("QEMU (npm run vm:qemu)");
  return missing;
}

/** Hook of electron-builder. */
export function beforePack({ arch, electronPlatformName }) {
  const missing = stageResources(arch, electronPlatformName);
  if (missing.length > 0) console.log(`Packed without ${missing.join(" and without ")}.`);
}
