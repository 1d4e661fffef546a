import { spawnSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import type { Arch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";

const elfMagic = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
/** An uncompressed Debian kernel is about 60 MB. */
const maxKernelBytes = 256 * 1024 * 1024;

/** Name of the kernel file in an image folder. */
export function kernelFileName(arch: Arch): "vmlinux" | "Image" {
  return arch === "amd64" ? "vmlinux" : "Image";
}

/** Debian's `vmlinuz` without its compression, in the form that QEMU starts directly. */
export function unpackKernel(arch: Arch, vmlinuz: Buffer): Buffer {
  return arch === "amd64" ? unpackBzImage(vmlinuz) : unpackArmImage(vmlinuz);
}

/** Payload position and length by the x86 boot protocol, section "The kernel payload". */
function unpackBzImage(image: Buffer): Buffer {
  if (image.toString("latin1", 0x202, 0x206) !== "HdrS") throw new ImageBuildError("The kernel is not a bzImage.");
  const setupBytes = ((image[0x1f1] || 4) + 1) * 512;
  const start = setupBytes + image.readUInt32LE(0x248);
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c));
  const kernel = decompress(payload);
  if (!kernel.subarray(0, 4).equals(elfMagic)) throw new ImageBuildError("The kernel payload is not an ELF file.");
  return kernel;
}

/** Either a plain Image (magic `ARM\x64` at 56), a gzip of it, or an EFI zboot file around one. */
function unpackArmImage(image: Buffer): Buffer {
  const isPlain = (data: Buffer) => data.toString("latin1", 56, 60) === "ARM\x64";
  if (isPlain(image)) return image;
  const isZboot = image.toString("latin1", 4, 8) === "zimg";
  const payload = isZboot
    ? image.subarray(image.readUInt32LE(8), image.readUInt32LE(8) + image.readUInt32LE(12))
    : image;
  const kernel = decompress(payload);
  if (!isPlain(kernel)) throw new ImageBuildError("The arm64 kernel is in an unknown form.");
  return kernel;
}

function decompress(payload: Buffer): Buffer {
  const magic = payload.readUInt32BE(0);
  if (magic >>> 16 === 0x1f8b) return gunzipSync(payload);
  // The payload ends with its length (4 bytes) behind the compressed stream, which the tools call trailing garbage.
  if (magic === 0x28b52ffd) return decompressBy("zstd", ["-dc", "--ultra", "--memory=1024MB"], payload);
  if (magic === 0xfd377a58) return decompressBy("xz", ["-dc", "--single-stream"], payload);
  throw new ImageBuildError("The kernel is compressed in an unknown way.");
}

function decompressBy(program: string, args: readonly string[], payload: Buffer): Buffer {
  const result = spawnSync(program, args, { input: payload, maxBuffer: maxKernelBytes });
  if (result.stdout.length === 0) {
    throw new ImageBuildError(`${program} could not unpack the kernel: ${result.stderr.toString("latin1").trim()}`);
  }
  return result.stdout;
}
