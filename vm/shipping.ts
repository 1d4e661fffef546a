import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Arch } from "./arch.ts";
import type { Tell } from "./build-progress.ts";
import { kernelFileName } from "./kernel.ts";
import { runCommand } from "./run-command.ts";
import { copyGuestFiles } from "./tree.ts";

export interface ShippingInput {
  arch: Arch;
  /** Folder with the parts of the image; the shipping files appear there too. */
  parts: string;
  tree: string;
  guestFolder: string;
  tell: Tell;
  signal?: AbortSignal;
}

/**
 * The engine's programs share much Go code, far apart: a window of 512 MB finds it and brings the archive
 * under its limit. Whoever unpacks it must allow that window (`zstd --long=29`, windowLogMax 29).
 */
const compression = ["--ultra", "--long=29", "--quiet", "--force", "--rm"];
const bestLevel = 22;

const reproducibleTar = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];

/** The files for a release address or a package's resources: the whole image, and the root for WSL2. */
export async function makeShippingFiles(input: ShippingInput): Promise<string[]> {
  const image = await makeImageArchive(input);
  const wsl = `longshore-wsl-${input.arch}.tar`;
  await packWslRoot(input, wsl);
  return [image, await compress(input, wsl)];
}

interface PackInput extends Omit<ShippingInput, "tree" | "guestFolder"> {
  /** zstd's; the best where absent, which takes ten minutes of a processor. */
  level?: number;
}

/** The image in one archive, beside its parts: what a package or a release address carries. Answers its name. */
export async function makeImageArchive(input: PackInput): Promise<string> {
  const name = `longshore-vm-${input.arch}.tar`;
  const members = ["initrd.cpio", "manifest.json", "root.erofs", "sbom.spdx.json", kernelFileName(input.arch)];
  await run(input, "tar", [
    ...reproducibleTar,
    "--mode=u=rw,go=r",
    "-C",
    input.parts,
    "-cf",
    join(input.parts, name),
    ...members,
    `longshore-helper-${input.arch}.tar`,
  ]);
  return compress(input, name);
}

async function compress(input: PackInput, name: string): Promise<string> {
  input.tell({ step: "compress", text: `Compressing ${name}` });
  await run(input, "zstd", [`-${input.level ?? bestLevel}`, ...compression, join(input.parts, name)]);
  return `${name}.zst`;
}

/**
 * The same tree with another start; kernel modules stay out, since WSL2 brings its own kernel. Comes last:
 * the tree is changed in place.
 */
async function packWslRoot(input: ShippingInput, name: string): Promise<void> {
  const { tree } = input;
  await rm(join(tree, "usr/lib/modules"), { recursive: true, force: true });
  // WSL writes its own.
  await rm(join(tree, "etc/resolv.conf"), { force: true });
  await copyGuestFiles(join(input.guestFolder, "wsl"), tree);
  await run(input, "tar", [...reproducibleTar, "-C", tree, "-cf", join(input.parts, name), "."]);
}

function run(input: PackInput, program: string, args: readonly string[]): Promise<string> {
  return runCommand(program, args, input.signal ? { signal: input.signal } : {});
}
