import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openAptRoot } from "./apt-root.ts";
import type { Arch } from "./arch.ts";
import type { BuildProgress, Tell } from "./build-progress.ts";
import { choosePackages } from "./choose-packages.ts";
import { currentGuestPackages } from "./guest-packages.ts";
import { type HelperImage, makeHelperImage } from "./helper-image.ts";
import { checkHostTools } from "./host-tools.ts";
import { buildInitrd } from "./initrd.ts";
import { kernelFileName, unpackKernel } from "./kernel.ts";
import { closeOverDependencies, type ModuleShelf, openModuleShelf, writeModules } from "./kernel-modules.ts";
import { checkLibraries } from "./libraries.ts";
import type { LockedPackage } from "./lock.ts";
import { type ImageManifest, makeManifest } from "./manifest.ts";
import { cachedDebPath, type FetchProgress, fetchPackages } from "./packages.ts";
import * as recipe from "./recipe.ts";
import { makeRootImage } from "./root-image.ts";
import { runCommand } from "./run-command.ts";
import { makeSbom } from "./sbom.ts";
import { makeShippingFiles } from "./shipping.ts";
import { makeTree, settleModes } from "./tree.ts";

export interface BuildOptions {
  arch: Arch;
  /** The image folder; files appear in it only when all are whole. */
  outDir: string;
  cacheDir: string;
  /** Also make the files for shipping (one archive, the WSL tarball); a few minutes more. */
  shipping?: boolean;
  /** Write the lock anew from the archive's current packages. */
  updateLock?: boolean;
  onProgress?: Tell;
  signal?: AbortSignal;
}

const guestFolder = join(import.meta.dirname, "guest");

/** Builds the guest image without root. Two builds from one lock on one host give the same bytes. */
export async function buildImage(options: BuildOptions): Promise<ImageManifest> {
  const tell = options.onProgress ?? (() => {});
  tell({ step: "tools", text: "Checking the tools of this host" });
  await checkHostTools(options.shipping ?? false);
  await mkdir(options.cacheDir, { recursive: true });
  await mkdir(options.outDir, { recursive: true });
  const work = await mkdtemp(join(options.cacheDir, "build-"));
  try {
    return await buildIn(work, options, tell);
  } finally {
    await runCommand("chmod", ["-R", "u+rwX", work]).catch(() => {});
    await rm(work, { recursive: true, force: true });
  }
}

async function buildIn(work: string, options: BuildOptions, tell: Tell): Promise<ImageManifest> {
  const { arch, cacheDir, signal } = options;
  const aptOptions = { dir: join(cacheDir, `apt-${arch}`), arch, suite: recipe.suite, ...(signal ? { signal } : {}) };
  const apt = await openAptRoot(aptOptions);
  const choice = await choosePackages({
    apt,
    arch,
    cacheDir,
    suite: recipe.suite,
    lockPath: join(import.meta.dirname, `packages.${arch}.lock.json`),
    updateLock: options.updateLock ?? false,
    current: () => currentGuestPackages(apt, arch),
    onUpdate: () => tell({ step: "lists", text: `Fetching the package lists of ${recipe.suite}` }),
  });
  await fetchPackages({
    apt,
    cacheDir,
    packages: choice.packages,
    onProgress: (progress) => tell(describeFetch(progress)),
  });
  const parts = join(work, "parts");
  await mkdir(parts);
  const made = await makeParts(work, parts, { options, packages: choice.packages, tell });
  tell({ step: "manifest", text: "Writing manifest and bill of materials" });
  const manifest = await makeManifest({
    arch,
    outDir: parts,
    fileNames: made.fileNames,
    createdFrom: choice.lockHash,
    kernelRelease: made.kernelRelease,
    helperImage: made.helperImage,
    packages: choice.packages,
    substitutions: choice.substitutions,
  });
  await writeFile(join(parts, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(parts, "sbom.spdx.json"), `${JSON.stringify(makeSbom(manifest, choice.packages), null, 2)}\n`);
  const shippingNames = options.shipping
    ? await makeShippingFiles({
        arch,
        parts,
        tree: join(work, "tree"),
        guestFolder,
        tell,
        ...(signal ? { signal } : {}),
      })
    : [];
  await publish(parts, options.outDir, [...made.fileNames, "sbom.spdx.json", ...shippingNames]);
  return manifest;
}

interface PartsInput {
  options: BuildOptions;
  packages: readonly LockedPackage[];
  tell: Tell;
}

async function makeParts(work: string, parts: string, { options, packages, tell }: PartsInput) {
  const { arch, cacheDir, signal } = options;
  const tree = join(work, "tree");
  const isKernel = (item: LockedPackage) => item.name.startsWith("linux-image-");
  tell({ step: "unpack", text: `Unpacking ${packages.length} packages` });
  await makeTree({
    tree,
    cacheDir,
    guestFolder,
    packages: packages.filter((item) => !isKernel(item)),
    ...(signal ? { signal } : {}),
  });
  const kernelTree = join(work, "kernel");
  for (const item of packages.filter(isKernel)) {
    await runCommand("dpkg-deb", ["-x", cachedDebPath(cacheDir, item), kernelTree], signal ? { signal } : {});
  }
  await checkLibraries(tree);

  tell({ step: "initrd", text: "Making kernel and initial RAM disk" });
  const shelf = await openModuleShelf(join(kernelTree, "usr/lib/modules"));
  const kernelName = kernelFileName(arch);
  const vmlinuz = await readFile(join(kernelTree, "boot", `vmlinuz-${shelf.release}`));
  await writeFile(join(parts, kernelName), unpackKernel(arch, vmlinuz));
  const initrdModules = await closeOverDependencies(shelf, recipe.initrdModules);
  await writeFile(join(parts, "initrd.cpio"), await buildInitrd(tree, guestFolder, initrdModules));

  tell({ step: "root-image", text: "Making the root image" });
  await addModules(tree, shelf);
  const busybox = packages.find((item) => item.name === "busybox-static");
  const helper = await makeHelperImage(tree, guestFolder, { arch, version: busybox?.version ?? "0" });
  const helperFile = `longshore-helper-${arch}.tar`;
  await writeFile(join(parts, helperFile), helper.tar);
  await writeGuestData(tree, helper, versionsOf(packages, shelf.release));
  await makeRootImage(tree, join(parts, "root.erofs"), signal);
  return {
    fileNames: [kernelName, "initrd.cpio", "root.erofs", helperFile],
    kernelRelease: shelf.release,
    helperImage: { name: helper.name, file: helperFile },
  };
}

async function addModules(tree: string, shelf: ModuleShelf): Promise<void> {
  const startLists = {
    disk: recipe.diskModules,
    network: recipe.networkModules,
    engine: recipe.engineModules,
    late: recipe.lateModules,
  };
  const onDemand = recipe.availableModules.filter((name) => shelf.has(name));
  const started = Object.values(startLists)
    .flat()
    .filter((name) => shelf.has(name));
  const modules = await closeOverDependencies(shelf, [...recipe.initrdModules, ...started, ...onDemand]);
  const forbidden = new Set<string>(recipe.forbiddenModules);
  await writeModules(
    tree,
    shelf.release,
    modules.filter((module) => !forbidden.has(module.name)),
  );
  for (const [list, names] of Object.entries(startLists)) {
    const known = names.filter((name) => shelf.has(name));
    await writeFile(join(tree, "etc/longshore", `modules-${list}`), known.map((name) => `${name}\n`).join(""));
  }
}

/** For `longshore-guest status`: asking the programs themselves takes seconds under emulation. */
function versionsOf(packages: readonly LockedPackage[], kernel: string): Record<string, string> {
  const upstream = (name: string) =>
    packages.find((item) => item.name === name)?.version.replace(/^\d+:|[+~-].*$/g, "") ?? "";
  return { docker: upstream("docker.io"), containerd: upstream("containerd"), runc: upstream("runc"), kernel };
}

async function writeGuestData(tree: string, helper: HelperImage, versions: Record<string, string>): Promise<void> {
  await writeFile(join(tree, "etc/longshore/versions.json"), `${JSON.stringify(versions)}\n`);
  await writeFile(join(tree, "usr/share/longshore/helper-image.tar"), helper.tar);
  await writeFile(join(tree, "usr/share/longshore/helper-image.name"), `${helper.name}\n`);
  await writeFile(join(tree, "etc/longshore/daemon.json"), `${JSON.stringify(recipe.daemonDefaults, null, 2)}\n`);
  await settleModes(tree);
}

/** The manifest comes last: a folder without one is no image, so a build that was cut off is never taken for one. */
async function publish(parts: string, outDir: string, names: readonly string[]): Promise<void> {
  await rm(join(outDir, "manifest.json"), { force: true });
  for (const name of [...names, "manifest.json"]) await rename(join(parts, name), join(outDir, name));
}

function describeFetch({ donePackages, totalPackages, doneBytes, totalBytes }: FetchProgress): BuildProgress {
  const bytes = `${megabytes(doneBytes)} of ${megabytes(totalBytes)}`;
  return {
    step: "fetch",
    text: `Fetching package ${donePackages} of ${totalPackages} (${bytes})`,
    done: doneBytes,
    total: totalBytes,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
