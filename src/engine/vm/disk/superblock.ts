import { open } from "node:fs/promises";
import { AppError } from "#contract/errors.ts";

/** What an ext4 file system says of itself. Exact only where it was unmounted in order. */
export interface Ext4Size {
  readonly sizeBytes: number;
  readonly usedBytes: number;
}

const superblockAt = 1024;
const magic = 0xef53;
const has64Bit = 0x80;

/** Reads the superblock of a disk file. Source: https://docs.kernel.org/filesystems/ext4/super.html */
export async function readExt4Size(path: string): Promise<Ext4Size> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, superblockAt);
    if (bytesRead < 1024 || buffer.readUInt16LE(0x38) !== magic) {
      throw new AppError("internal", `${path} holds no file system that can be read.`);
    }
    const isWide = (buffer.readUInt32LE(0x60) & has64Bit) !== 0;
    const count = (low: number, high: number) =>
      buffer.readUInt32LE(low) + (isWide ? buffer.readUInt32LE(high) * 2 ** 32 : 0);
    const blockBytes = 1024 * 2 ** buffer.readUInt32LE(0x18);
    const blocks = count(0x4, 0x150);
    return { sizeBytes: blocks * blockBytes, usedBytes: (blocks - count(0xc, 0x158)) * blockBytes };
  } finally {
    await file.close();
  }
}
