import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Electron's own property, absent under plain Node. */
const packaged = (process as { resourcesPath?: string }).resourcesPath;

/** The project's folder where the app runs from its source or from a build in it; undefined in a package. */
export function sourceFolder(from: string = import.meta.dirname): string | undefined {
  if (existsSync(join(from, "vm", "build.ts"))) return from;
  const parent = dirname(from);
  return parent === from ? undefined : sourceFolder(parent);
}

/** Folders that the package brings, or that `npm run vm:image` and `npm run vm:qemu` fill; best first. */
export function resourceFolders(arch: "amd64" | "arm64"): { readonly images: string[]; readonly qemu: string[] } {
  const source = sourceFolder();
  const roots = packaged === undefined ? [] : [join(packaged, "vm")];
  return {
    images: [...roots, ...(source === undefined ? [] : [join(source, "out", "vm", arch)])],
    qemu: [...roots, ...(source === undefined ? [] : [join(source, "out", "vm")])].map((root) => join(root, "qemu")),
  };
}

/** A file or folder that ships beside the app (`helper`, …), or undefined where it was not built. */
export function findResource(name: string): string | undefined {
  const source = sourceFolder();
  const folders = [packaged, source && join(source, "out", "resources", process.arch)];
  return folders.map((folder) => folder && join(folder, name)).find((path) => path && existsSync(path));
}
