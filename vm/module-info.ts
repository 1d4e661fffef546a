import { ImageBuildError } from "./build-error.ts";

/** What a kernel module says of itself in its `.modinfo` section. */
export interface ModuleInfo {
  depends: string[];
  softDepends: string[];
  aliases: string[];
}

/** Reads the `.modinfo` section of an ELF64 little-endian module: NUL-separated `key=value` strings. */
export function readModuleInfo(elf: Buffer): ModuleInfo {
  const info: ModuleInfo = { depends: [], softDepends: [], aliases: [] };
  for (const entry of findSection(elf, ".modinfo").toString("latin1").split("\0")) {
    const [key, value] = splitOnce(entry);
    if (key === "depends") info.depends = value.split(",").filter(Boolean);
    if (key === "alias") info.aliases.push(value);
    if (key === "softdep") info.softDepends.push(...preDependencies(value));
  }
  return info;
}

/** `pre: a b post: c` names what should be loaded before and after. */
function preDependencies(value: string): string[] {
  const match = /pre:\s*(.*?)(?:post:|$)/.exec(value);
  return match?.[1]?.split(/\s+/).filter(Boolean) ?? [];
}

function splitOnce(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** ELF64 section lookup; offsets by the System V ABI. */
function findSection(elf: Buffer, wanted: string): Buffer {
  if (elf.readUInt32BE(0) !== 0x7f454c46) throw new ImageBuildError("A kernel module is not an ELF file.");
  const tableOffset = Number(elf.readBigUInt64LE(0x28));
  const entrySize = elf.readUInt16LE(0x3a);
  const count = elf.readUInt16LE(0x3c);
  const namesIndex = elf.readUInt16LE(0x3e);
  const section = (index: number) => {
    const at = tableOffset + index * entrySize;
    const offset = Number(elf.readBigUInt64LE(at + 0x18));
    const size = Number(elf.readBigUInt64LE(at + 0x20));
    return { name: elf.readUInt32LE(at), content: elf.subarray(offset, offset + size) };
  };
  const names = section(namesIndex).content;
  for (let index = 0; index < count; index += 1) {
    const { name, content } = section(index);
    if (names.toString("latin1", name, names.indexOf(0, name)) === wanted) return content;
  }
  return Buffer.alloc(0);
}
