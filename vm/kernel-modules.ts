import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { ImageBuildError } from "./build-error.ts";
import { type ModuleInfo, readModuleInfo } from "./module-info.ts";

/** One module, decompressed. */
export interface KernelModule extends ModuleInfo {
  name: string;
  /** Below `lib/modules/<release>/`, without compression suffix. */
  path: string;
  content: Buffer;
}

/** All modules of a kernel package by name, read only when asked for: there are thousands. */
export interface ModuleShelf {
  release: string;
  has(name: string): boolean;
  read(name: string): Promise<KernelModule>;
}

const execFileAsync = promisify(execFile);
/** The largest module that goes into the image is about 3 MB. */
const maxModuleBytes = 64 * 1024 * 1024;

export async function openModuleShelf(modulesFolder: string): Promise<ModuleShelf> {
  const [release] = await readdir(modulesFolder);
  if (!release) throw new ImageBuildError(`The kernel package holds no modules in ${modulesFolder}.`);
  const base = join(modulesFolder, release);
  const paths = new Map<string, string>();
  for (const entry of await readdir(base, { recursive: true, withFileTypes: true })) {
    const match = /^(.+)\.ko(\.xz|\.zst|\.gz)?$/.exec(entry.name);
    if (match?.[1] && entry.isFile()) paths.set(canonical(match[1]), join(entry.parentPath, entry.name));
  }
  const read = async (name: string): Promise<KernelModule> => {
    const path = paths.get(canonical(name));
    if (!path) throw new ImageBuildError(`The kernel ${release} has no module ${name}.`);
    const content = withoutSignature(await decompress(path));
    return {
      ...readModuleInfo(content),
      name: canonical(name),
      path: relative(base, path).replace(/\.(xz|zst|gz)$/, ""),
      content,
    };
  };
  return { release, has: (name) => paths.has(canonical(name)), read };
}

const signatureMark = Buffer.from("~Module signature appended~\n", "latin1");
/** `struct module_signature`: eight bytes of kinds, then the signature's length, big-endian. */
const signatureInfoBytes = 12;

/**
 * Debian signs modules for Secure Boot. This kernel does not ask for it (the root image as a whole is
 * checked before it is used), yet would verify each: 70 ms a module under emulation, seconds in all.
 */
export function withoutSignature(module: Buffer): Buffer {
  if (!module.subarray(-signatureMark.length).equals(signatureMark)) return module;
  const infoAt = module.length - signatureMark.length - signatureInfoBytes;
  return module.subarray(0, infoAt - module.readUInt32BE(infoAt + 8));
}

/** The modules and all that they depend on, each after its dependencies. */
export async function closeOverDependencies(shelf: ModuleShelf, names: readonly string[]): Promise<KernelModule[]> {
  const ordered = new Map<string, KernelModule>();
  const visit = async (name: string): Promise<void> => {
    if (ordered.has(canonical(name))) return;
    const module = await shelf.read(name);
    // Soft dependencies are wishes; they count only where this kernel has them as modules.
    const wishes = module.softDepends.filter((wish) => shelf.has(wish));
    for (const dependency of [...module.depends, ...wishes]) await visit(dependency);
    ordered.set(module.name, module);
  };
  for (const name of names) await visit(name);
  return [...ordered.values()];
}

/** Writes modules with the two indexes that busybox's modprobe reads. */
export async function writeModules(
  targetRoot: string,
  release: string,
  modules: readonly KernelModule[],
): Promise<void> {
  const base = join(targetRoot, "usr/lib/modules", release);
  for (const module of modules) {
    await mkdir(join(base, dirname(module.path)), { recursive: true });
    await writeFile(join(base, module.path), module.content);
  }
  await writeFile(join(base, "modules.dep"), dependencyIndex(modules));
  await writeFile(join(base, "modules.alias"), aliasIndex(modules));
}

/** `modules.dep`: each module with all it needs. modprobe loads them from the last to the first, so the deepest stands last. */
export function dependencyIndex(modules: readonly KernelModule[]): string {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const addDeepestFirst = (module: KernelModule, ordered: Set<KernelModule>): void => {
    for (const name of module.depends) {
      const dependency = byName.get(canonical(name));
      if (!dependency || ordered.has(dependency)) continue;
      addDeepestFirst(dependency, ordered);
      ordered.add(dependency);
    }
  };
  return modules
    .map((module) => {
      const ordered = new Set<KernelModule>();
      addDeepestFirst(module, ordered);
      return `${module.path}:${[...ordered]
        .reverse()
        .map((needed) => ` ${needed.path}`)
        .join("")}\n`;
    })
    .toSorted()
    .join("");
}

function aliasIndex(modules: readonly KernelModule[]): string {
  return modules
    .flatMap((module) => module.aliases.map((alias) => `alias ${alias} ${module.name}\n`))
    .toSorted()
    .join("");
}

/** Kernel and modprobe treat dashes and underscores alike. */
export function canonical(name: string): string {
  return basename(name).replaceAll("-", "_");
}

async function decompress(path: string): Promise<Buffer> {
  const program = path.endsWith(".xz")
    ? "xz"
    : path.endsWith(".zst")
      ? "zstd"
      : path.endsWith(".gz")
        ? "gzip"
        : undefined;
  if (!program) return readFile(path);
  const { stdout } = await execFileAsync(program, ["-dc", path], { encoding: "buffer", maxBuffer: maxModuleBytes });
  return stdout;
}
