import { chmod, cp, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ImageBuildError } from "./build-error.ts";
import type { LockedPackage } from "./lock.ts";
import { cachedDebPath } from "./packages.ts";
import { leftOut } from "./recipe.ts";
import { runCommand } from "./run-command.ts";

export interface TreeOptions {
  tree: string;
  cacheDir: string;
  guestFolder: string;
  packages: readonly LockedPackage[];
  signal?: AbortSignal;
}

/** Mount points and folders that programs expect to find. */
const folders =
  "dev proc sys run tmp mnt media opt opt/cni/bin home root etc/docker etc/ssl/certs usr/share/longshore var/lib/docker var/lib/containerd var/lib/longshore var/lib/longshore-disk var/log var/cache var/tmp".split(
    " ",
  );

/** Links that the packages' maintainer scripts would have made, or that the guest needs. */
const links: Record<string, string> = {
  "etc/mtab": "/proc/self/mounts",
  "etc/os-release": "../usr/lib/os-release",
  "etc/resolv.conf": "/run/resolv.conf",
  "var/run": "/run",
  "usr/bin/docker-init": "tini-static",
  "usr/sbin/init": "../bin/busybox",
  // By this path the kernel asks for modules.
  "usr/sbin/modprobe": "../bin/busybox",
  ...Object.fromEntries(
    ["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"].map(
      (name) => [`usr/sbin/${name}`, "xtables-nft-multi"],
    ),
  ),
};

/** Puts the packages and the guest's own files together, as the root file system will show them. */
export async function makeTree(options: TreeOptions): Promise<void> {
  const { tree, guestFolder } = options;
  await makeMergedUsr(tree);
  await unpackPackages(options);
  await dropLeftOut(tree);
  for (const folder of folders) await mkdir(join(tree, folder), { recursive: true });
  for (const [path, target] of Object.entries(links)) await replaceByLink(tree, path, target);
  await linkApplets(tree, guestFolder);
  await writeCertificates(tree);
  await copyGuestFiles(join(guestFolder, "root"), tree);
}

async function makeMergedUsr(tree: string): Promise<void> {
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    await mkdir(join(tree, "usr", name), { recursive: true });
    await symlink(`usr/${name}`, join(tree, name));
  }
}

async function unpackPackages({ tree, cacheDir, packages, signal }: TreeOptions): Promise<void> {
  for (const item of packages) {
    await runCommand("dpkg-deb", ["-x", cachedDebPath(cacheDir, item), tree], signal ? { signal } : {});
  }
}

async function dropLeftOut(tree: string): Promise<void> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name).slice(tree.length + 1);
    const shape = entry.isDirectory() ? `${path}/` : path;
    if (leftOut.some((pattern) => pattern.test(shape))) await rm(join(tree, path), { recursive: true, force: true });
  }
}

async function replaceByLink(tree: string, path: string, target: string): Promise<void> {
  const full = join(tree, path);
  await mkdir(dirname(full), { recursive: true });
  await rm(full, { recursive: true, force: true });
  await symlink(target, full);
}

/** busybox stands in for every program that no package brought. Its list of applets is recorded, since a foreign busybox cannot be asked. */
async function linkApplets(tree: string, guestFolder: string): Promise<void> {
  const applets = (await readFile(join(guestFolder, "busybox-applets"), "utf8")).split("\n").filter(Boolean);
  const binary = await readFile(join(tree, "usr/bin/busybox"), "latin1");
  for (const applet of applets) {
    if (!binary.includes(`\0${applet}\0`)) {
      throw new ImageBuildError(
        `This busybox has no applet ${applet}: record its list anew in vm/guest/busybox-applets.`,
      );
    }
    if (await isTaken(tree, applet)) continue;
    await symlink("busybox", join(tree, "usr/bin", applet));
  }
}

async function isTaken(tree: string, program: string): Promise<boolean> {
  for (const folder of ["usr/bin", "usr/sbin"]) {
    const found = await lstat(join(tree, folder, program)).catch(() => undefined);
    if (found) return true;
  }
  return false;
}

/** What update-ca-certificates makes: all of Mozilla's certificates in one file. */
async function writeCertificates(tree: string): Promise<void> {
  const source = join(tree, "usr/share/ca-certificates/mozilla");
  const parts: string[] = [];
  for (const name of (await readdir(source)).toSorted()) parts.push(await readFile(join(source, name), "utf8"));
  await writeFile(join(tree, "etc/ssl/certs/ca-certificates.crt"), parts.join(""));
  await rm(join(tree, "usr/share/ca-certificates"), { recursive: true });
}

/** Modes are set by place, not copied: a checkout's umask must not reach the image. */
export async function copyGuestFiles(source: string, tree: string): Promise<void> {
  await cp(source, tree, { recursive: true, force: true });
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(source.length + 1);
    const isProgram = /^usr\/(lib\/longshore|sbin|bin)\/|^etc\/acpi\/./.test(path);
    await chmod(join(tree, path), entry.isDirectory() || isProgram ? 0o755 : 0o644);
  }
}

const ownModes: Record<string, number> = {
  root: 0o700,
  tmp: 0o1777,
  "var/tmp": 0o1777,
  "etc/shadow": 0o600,
};

/** One mode for every folder, one for programs, one for other files: neither the build's umask nor a set-user-id bit gets in. */
export async function settleModes(tree: string): Promise<void> {
  await chmod(tree, 0o755);
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || ((await lstat(path)).mode & 0o100) !== 0;
    await chmod(path, ownModes[path.slice(tree.length + 1)] ?? (isProgram ? 0o755 : 0o644));
  }
}
