import { join } from "node:path";
import type { Arch } from "./arch.ts";
import type { Tell } from "./build-progress.ts";
import { runCommand } from "./run-command.ts";

export interface ShippingInput {
  arch: Arch;
  parts: string;
  tree: string;
  guestFolder: string;
  tell: Tell;
  signal?: AbortSignal;
}

/** 19 is the strongest level whose window every unpacker accepts without being asked. */
const compression = ["-19", "-T0", "--quiet", "--force", "--rm"];

const reproducibleTar = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=ustar"];

/** One archive with everything that a machine needs, for a release address or a package's resources. */
export async function makeShippingFiles(input: ShippingInput): Promise<string[]> {
  const { arch, parts, tell, signal } = input;
  const name = `longshore-vm-${arch}.tar`;
  tell({ step: "compress", text: `Compressing ${name}` });
  const options = signal ? { signal } : {};
  const members = [
    "initrd.cpio",
    "manifest.json",
    "root.erofs",
    "sbom.spdx.json",
    arch === "amd64" ? "vmlinux" : "Image",
    `longshore-helper-${arch}.tar`,
  ];
  await runCommand(
    "tar",
    [...reproducibleTar, "--mode=u=rw,go=r", "-C", parts, "-cf", join(parts, name), ...members],
    options,
  );
  await runCommand("zstd", [...compression, join(parts, name)], options);
  return [`${name}.zst`];
}
