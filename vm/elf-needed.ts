const programDynamic = 2;
const programLoad = 1;
const dynamicNeeded = 1n;
const dynamicStringTable = 5n;

interface Segment {
  type: number;
  offset: number;
  address: number;
  sizeBytes: number;
}

/** DT_NEEDED entries of an ELF64 little-endian file; empty for static ones. Layout by the System V ABI. */
export function neededLibraries(elf: Buffer): string[] {
  const segments = readSegments(elf);
  const dynamic = segments.find((segment) => segment.type === programDynamic);
  if (!dynamic) return [];
  const needed: number[] = [];
  let stringTable = 0;
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.sizeBytes; at += 16) {
    const tag = elf.readBigUInt64LE(at);
    const value = Number(elf.readBigUInt64LE(at + 8));
    if (tag === dynamicNeeded) needed.push(value);
    if (tag === dynamicStringTable) stringTable = fileOffset(segments, value);
  }
  return needed.map((offset) => {
    const start = stringTable + offset;
    return elf.toString("latin1", start, elf.indexOf(0, start));
  });
}

function readSegments(elf: Buffer): Segment[] {
  const table = Number(elf.readBigUInt64LE(0x20));
  const entrySize = elf.readUInt16LE(0x36);
  const count = elf.readUInt16LE(0x38);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * entrySize;
    return {
      type: elf.readUInt32LE(at),
      offset: Number(elf.readBigUInt64LE(at + 0x08)),
      address: Number(elf.readBigUInt64LE(at + 0x10)),
      sizeBytes: Number(elf.readBigUInt64LE(at + 0x20)),
    };
  });
}

function fileOffset(segments: readonly Segment[], address: number): number {
  const holder = segments.find(
    (segment) =>
      segment.type === programLoad && address >= segment.address && address < segment.address + segment.sizeBytes,
  );
  return holder ? address - holder.address + holder.offset : address;
}
