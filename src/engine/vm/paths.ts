import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "#contract/errors.ts";

/** Where everything of the machine lies. All folders exist and are private to the user. */
export interface MachinePaths {
  readonly home: string;
  /** Keys, settings in use, records, configuration disk, state file. */
  readonly machine: string;
  readonly disks: string;
  readonly trash: string;
  readonly images: string;
  readonly logs: string;
  readonly qemu: string;
  /** Sockets between the app and the hypervisor. */
  readonly run: string;
  /** Docker socket on which the app listens; short enough for every system. */
  readonly dockerSocket: string;
  /** `$LONGSHORE_HOME/docker.sock`; a link to `dockerSocket` where the home's path is too long. */
  readonly publicSocket: string;
}

/** Longest path that every system takes for a unix socket: 108 bytes on Linux, 104 on macOS, with the final zero. */
const socketPathLimit = 103;
const longestSocketName = "docker.sock.new".length + 1;

/** Creates the folders. Throws `permission` where a folder belongs to somebody else. */
export async function preparePaths(home: string, env: Record<string, string | undefined>): Promise<MachinePaths> {
  const base = resolve(home);
  const inHome = (name: string) => join(base, name);
  const short = fits(base) ? undefined : shortFolder(base, env);
  const paths: MachinePaths = {
    home: base,
    machine: inHome("machine"),
    disks: inHome("disks"),
    trash: inHome("trash"),
    images: inHome("images"),
    logs: join(base, "logs", "machine"),
    qemu: inHome("qemu"),
    run: short ?? (fits(inHome("run")) ? inHome("run") : shortFolder(base, env)),
    dockerSocket: join(short ?? base, "docker.sock"),
    publicSocket: inHome("docker.sock"),
  };
  const folders = [paths.home, paths.machine, paths.disks, paths.trash, paths.images, paths.logs, paths.run];
  for (const folder of folders) await makePrivate(folder);
  if (short !== undefined) await linkSocket(paths);
  return paths;
}

function fits(folder: string): boolean {
  return Buffer.byteLength(folder) + longestSocketName <= socketPathLimit;
}

/** A folder for sockets whose path does not depend on the length of the home's. */
function shortFolder(home: string, env: Record<string, string | undefined>): string {
  const digest = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const runtime = env.XDG_RUNTIME_DIR;
  const named = runtime === undefined ? undefined : join(runtime, `longshore-${digest}`);
  if (named !== undefined && fits(named)) return named;
  const user = process.getuid?.() ?? "user";
  const parent = fits(join(tmpdir(), `longshore-${user}-${digest}`)) ? tmpdir() : "/tmp";
  return join(parent, `longshore-${user}-${digest}`);
}

/** In a shared folder like /tmp the name may have been taken by another user: then nothing is put there. */
async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (process.platform === "win32") return;
  const info = await lstat(folder);
  const owner = process.getuid?.();
  if (!info.isDirectory() || (owner !== undefined && info.uid !== owner)) {
    throw new AppError("permission", `${folder} belongs to another user. Choose another LONGSHORE_HOME.`);
  }
  // A folder that was there before may be open to others.
  await chmod(folder, 0o700);
}

async function linkSocket(paths: MachinePaths): Promise<void> {
  await rm(paths.publicSocket, { force: true });
  await symlink(paths.dockerSocket, paths.publicSocket);
}
