import type { ImageFile } from "#contract/images.ts";
import type { TarEntry } from "./tar-scanner.ts";

/** One file with what lies below it, if it is a folder. */
export interface FileNode {
  file: ImageFile;
  children?: Map<string, FileNode>;
}

const whiteoutPrefix = ".wh.";
const opaqueMark = ".wh..wh..opq";

const kinds: Readonly<Record<string, ImageFile["kind"]>> = {
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "device",
  "4": "device",
  "5": "directory",
  "6": "fifo",
};

function folder(name: string, layer: number): FileNode {
  const file = { name, kind: "directory", sizeBytes: 0, mode: 0o755, uid: 0, gid: 0, modifiedAt: 0, layer } as const;
  return { file, children: new Map() };
}

/** An empty tree. */
export function emptyTree(): FileNode {
  return folder("/", 0);
}

/** Components of a path; undefined where it leads out of the root, which no engine would unpack. */
export function splitPath(path: string): string[] | undefined {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts;
}

function childFolder(parent: FileNode, name: string, layer: number): FileNode {
  const found = parent.children?.get(name);
  if (found?.children) return found;
  // A layer that puts something below a name makes it a folder, whatever a lower layer had there.
  const made = folder(name, layer);
  parent.children?.set(name, made);
  return made;
}

function parentOf(root: FileNode, parts: readonly string[], layer: number): FileNode {
  let node = root;
  for (const part of parts.slice(0, -1)) node = childFolder(node, part, layer);
  return node;
}

function find(root: FileNode, parts: readonly string[]): FileNode | undefined {
  let node: FileNode | undefined = root;
  for (const part of parts) node = node?.children?.get(part);
  return node;
}

interface Placed {
  readonly entry: TarEntry;
  readonly parts: readonly string[];
  readonly name: string;
}

function place(entries: readonly TarEntry[]): Placed[] {
  return entries.flatMap((entry) => {
    const parts = splitPath(entry.path);
    const name = parts?.at(-1);
    return parts && name !== undefined ? [{ entry, parts, name }] : [];
  });
}

/** Sizes of a layer's files by path: a hardlink has that of the file whose content it shares. */
function sizesByPath(placed: readonly Placed[]): Map<string, number> {
  const files = placed.filter(({ entry }) => entry.type === "0");
  return new Map(files.map(({ parts, entry }) => [parts.join("/"), entry.sizeBytes]));
}

function nodeOf({ entry, name }: Placed, layer: number, sizes: ReadonlyMap<string, number>): FileNode {
  const kind = kinds[entry.type] ?? "file";
  const isLink = kind === "symlink" || kind === "hardlink";
  const target = kind === "hardlink" ? `/${(splitPath(entry.target) ?? []).join("/")}` : entry.target;
  const sizeBytes = kind === "hardlink" ? (sizes.get(target.slice(1)) ?? 0) : kind === "file" ? entry.sizeBytes : 0;
  const { mode, uid, gid, mtime } = entry;
  const facts = { name, kind, sizeBytes, mode, uid, gid, modifiedAt: mtime * 1000, layer };
  const file: ImageFile = isLink ? { ...facts, target } : facts;
  return kind === "directory" ? { file, children: new Map() } : { file };
}

function put(root: FileNode, placed: Placed, node: FileNode): void {
  const parent = parentOf(root, placed.parts, node.file.layer);
  const existing = parent.children?.get(placed.name);
  if (existing?.children && node.children) existing.file = node.file;
  else parent.children?.set(placed.name, node);
}

/** Lays a layer over those below, as an overlay does: whiteouts first, for they mean the lower layers alone. */
export function applyLayer(root: FileNode, entries: readonly TarEntry[], layer: number): void {
  const placed = place(entries);
  for (const { parts, name } of placed) {
    if (!name.startsWith(whiteoutPrefix)) continue;
    const parent = find(root, parts.slice(0, -1));
    if (name === opaqueMark) parent?.children?.clear();
    else if (!name.startsWith(`${whiteoutPrefix}${whiteoutPrefix}`)) {
      parent?.children?.delete(name.slice(whiteoutPrefix.length));
    }
  }
  const sizes = sizesByPath(placed);
  for (const item of placed) if (!item.name.startsWith(whiteoutPrefix)) put(root, item, nodeOf(item, layer, sizes));
}

/** One layer by itself; what it takes away from those below is shown as `removed`. */
export function layerTree(entries: readonly TarEntry[], layer: number): FileNode {
  const root = emptyTree();
  const placed = place(entries);
  const sizes = sizesByPath(placed);
  for (const item of placed) {
    if (!item.name.startsWith(whiteoutPrefix)) put(root, item, nodeOf(item, layer, sizes));
    else if (item.name === opaqueMark || !item.name.startsWith(`${whiteoutPrefix}${whiteoutPrefix}`)) {
      const name = item.name === opaqueMark ? "*" : item.name.slice(whiteoutPrefix.length);
      const file = { ...nodeOf(item, layer, sizes).file, name, kind: "removed" } as const;
      put(root, { ...item, name }, { file });
    }
  }
  return root;
}

/** As many links as Linux follows. */
const maxLinks = 40;

/** The folder at a path, following symlinks within the image as a container would; undefined where there is none. */
export function findFolder(root: FileNode, path: string): FileNode | undefined {
  const trail: FileNode[] = [root];
  const pending = path.split("/");
  let links = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (trail.length > 1) trail.pop();
      continue;
    }
    const node = trail.at(-1)?.children?.get(part);
    if (!node) return undefined;
    const { kind, target = "" } = node.file;
    if (kind === "symlink") {
      links += 1;
      if (links > maxLinks) return undefined;
      if (target.startsWith("/")) trail.length = 1;
      pending.unshift(...target.split("/"));
    } else trail.push(node);
  }
  const found = trail.at(-1);
  return found?.children ? found : undefined;
}

/** Folders first, then by name. */
export function listFolder(node: FileNode): ImageFile[] {
  const files = [...(node.children?.values() ?? [])].map(({ file }) => file);
  const rank = ({ kind }: ImageFile): number => (kind === "directory" ? 0 : 1);
  return files.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
