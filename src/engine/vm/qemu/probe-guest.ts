/**
 * A whole kernel in 266 bytes: an ELF file whose note names the PVH entry, where the code writes 0x10 to the
 * port of QEMU's `isa-debug-exit` (mov dx,0x501; mov al,0x10; out dx,al; hlt; jmp).
 */
export function probeKernelAmd64(): Buffer {
  const base = 0x10_0000;
  const code = Buffer.from("66ba0105b010eef4ebfd", "hex");
  const image = Buffer.alloc(0x100 + code.length);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  image.writeUInt16LE(2, 16);
  image.writeUInt16LE(62, 18);
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(BigInt(base + 0x100), 24);
  image.writeBigUInt64LE(64n, 32);
  for (const [index, value] of [64, 56, 2].entries()) image.writeUInt16LE(value, 52 + 2 * index);
  writeSegment(image, 64, { type: 1, flags: 7, offset: 0, address: base, size: image.length, align: 0x1000 });
  writeSegment(image, 120, { type: 4, flags: 4, offset: 176, address: base + 176, size: 20, align: 4 });
  for (const [index, value] of [4, 4, 18].entries()) image.writeUInt32LE(value, 176 + 4 * index);
  image.write("Xen\0", 188, "latin1");
  image.writeUInt32LE(base + 0x100, 192);
  code.copy(image, 0x100);
  return image;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly align: number;
}

function writeSegment(image: Buffer, at: number, segment: Segment): void {
  image.writeUInt32LE(segment.type, at);
  image.writeUInt32LE(segment.flags, at + 4);
  const { offset, address, size, align } = segment;
  for (const [index, value] of [offset, address, address, size, size, align].entries()) {
    image.writeBigUInt64LE(BigInt(value), at + 8 + 8 * index);
  }
}

/** mov w0,#PSCI SYSTEM_OFF (0x84000008); hvc #0; b . */
export function probeKernelArm64(): Buffer {
  return Buffer.from("000180520080b072020000d400000014", "hex");
}
