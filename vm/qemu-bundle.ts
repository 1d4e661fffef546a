import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { openAptRoot } from "./apt-root.ts";
import type { Arch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";
import { choosePackages } from "./choose-packages.ts";
import { neededLibraries } from "./elf-needed.ts";
import { newestOf } from "./guest-packages.ts";
import type { LockedPackage, Substitution } from "./lock.ts";
import { cachedDebPath, type FetchProgress, fetchPackages } from "./packages.ts";
import { suite } from "./recipe.ts";
import { runCommand } from "./run-command.ts";

export interface QemuBundleOptions {
  /** Of the machine that will run QEMU. */
  arch: Arch;
  /** Of the guest; the host's own unless said otherwise. */
  target?: Arch;
  /** Becomes the bundle; replaced as a whole. */
  outDir: string;
  cacheDir: string;
  updateLock?: boolean;
  onProgress?: (progress: FetchProgress) => void;
  signal?: AbortSignal;
}

export interface QemuBundle {
  /** The program to start: a wrapper that runs QEMU with the libraries of the bundle. */
  program: string;
  version: string;
  substitutions: Substitution[];
}

const emulators: Record<Arch, { packageName: string; program: string }> = {
  amd64: { packageName: "qemu-system-x86", program: "qemu-system-x86_64" },
  arm64: { packageName: "qemu-system-arm", program: "qemu-system-aarch64" },
};

const loaders: Record<Arch, string> = { amd64: "ld-linux-x86-64.so.2", arm64: "ld-linux-aarch64.so.1" };

/** What a direct kernel start without display, network boot or other firmware reads. */
const firmware = ["bios-256k.bin", "kvmvapic.bin", "linuxboot_dma.bin", "multiboot_dma.bin", "pvh.bin"];

/**
 * Puts trixie's QEMU with all of its libraries into a folder of its own. It runs on hosts with an older
 * C library, because the wrapper starts it through the bundle's own dynamic loader.
 */
export async function buildQemuBundle(options: QemuBundleOptions): Promise<QemuBundle> {
  const { arch, cacheDir, outDir } = options;
  const target = options.target ?? arch;
  const emulator = emulators[target];
  const { packages, substitutions } = await chooseQemuPackages(options, emulator.packageName);
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, "qemu-"));
  try {
    const tree = join(work, "tree");
    await unpack(packages, cacheDir, tree);
    const bundle = join(work, "bundle");
    await assemble(tree, bundle, { arch, program: emulator.program });
    await rm(outDir, { recursive: true, force: true });
    await mkdir(join(outDir, ".."), { recursive: true });
    await rename(bundle, outDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const version = packages.find((item) => item.name === emulator.packageName)?.version ?? "";
  return { program: join(outDir, "bin", emulator.program), version, substitutions };
}

async function chooseQemuPackages(options: QemuBundleOptions, packageName: string) {
  const { arch, cacheDir, signal } = options;
  const target = options.target ?? arch;
  const apt = await openAptRoot({ dir: join(cacheDir, `apt-${arch}`), arch, suite, ...(signal ? { signal } : {}) });
  const suffix = target === arch ? "" : `-for-${target}`;
  const choice = await choosePackages({
    apt,
    arch,
    suite,
    cacheDir,
    lockPath: join(import.meta.dirname, `qemu.${arch}${suffix}.lock.json`),
    updateLock: options.updateLock ?? false,
    current: async () => newestOf(apt, await neededPackages(apt, packageName)),
  });
  await fetchPackages({ apt, cacheDir, packages: choice.packages, onProgress: options.onProgress });
  return choice;
}

/** Packages that only installation scripts or desktop parts of QEMU ask for; the library check would tell if one were missed. */
const notNeeded =
  /^(adduser|base-passwd|debconf|gcc-.*-base|ipxe-qemu|libasound2.*|libaudit.*|libbrlapi.*|libcacard.*|libdb5.*|libdebconf.*|libexecs1|libncursesw6|libnss3|libnspr4|libpam.*|libpcsclite1|libsemanage.*|libsepol2|libsqlite3-0|libtinfo6|libusb.*|login\.defs|openssl-provider-legacy|passwd|qemu-system-common|libsasl2-modules-db)$/;

async function neededPackages(apt: { resolve(names: readonly string[]): Promise<string[]> }, packageName: string) {
  // seabios holds the firmware that q35 wants even for a direct kernel start.
  const closure = await apt.resolve([packageName, "qemu-system-data", "seabios"]);
  return closure.filter((name) => !notNeeded.test(name));
}

async function unpack(packages: readonly LockedPackage[], cacheDir: string, tree: string): Promise<void> {
  await mkdir(tree, { recursive: true });
  for (const item of packages) await runCommand("dpkg-deb", ["-x", cachedDebPath(cacheDir, item), tree]);
}

async function assemble(
  tree: string,
  bundle: string,
  { arch, program }: { arch: Arch; program: string },
): Promise<void> {
  for (const folder of ["bin", "lib", "libexec", "share"]) await mkdir(join(bundle, folder), { recursive: true });
  const files = new Map<string, string>();
  for (const entry of await readdir(join(tree, "usr"), { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory()) files.set(entry.name, join(entry.parentPath, entry.name));
  }
  await copyFile(need(files, program), join(bundle, "libexec", program));
  await copyLibraries(files, bundle, [program, loaders[arch]]);
  for (const name of firmware) await copyFile(await realpath(need(files, name)), join(bundle, "share", name));
  const wrapper = join(bundle, "bin", program);
  await writeFile(wrapper, wrapperScript(program, loaders[arch]));
  await chmod(wrapper, 0o755);
  await chmod(join(bundle, "lib", loaders[arch]), 0o755);
}

async function copyLibraries(
  files: Map<string, string>,
  bundle: string,
  [program = "", loader = ""]: string[],
): Promise<void> {
  const copied = new Set<string>();
  const waiting = [...neededLibraries(await readFile(need(files, program))), loader];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (copied.has(name)) continue;
    copied.add(name);
    const source = await realpath(need(files, name));
    await copyFile(source, join(bundle, "lib", basename(name)));
    waiting.push(...neededLibraries(await readFile(source)));
  }
}

function need(files: Map<string, string>, name: string): string {
  const path = files.get(name);
  if (!path)
    throw new ImageBuildError(`QEMU's packages hold no ${name}; look at the package choice in vm/qemu-bundle.ts.`);
  return path;
}

/** `exec` keeps one process, so that the id the caller knows is QEMU's own. */
function wrapperScript(program: string, loader: string): string {
  return `#!/bin/sh
bundle=$(dirname "$(dirname "$(readlink -f "$0")")")
export QEMU_MODULE_DIR="$bundle/lib"
exec "$bundle/lib/${loader}" --library-path "$bundle/lib" --argv0 ${program} "$bundle/libexec/${program}" -L "$bundle/share" "$@"
`;
}
