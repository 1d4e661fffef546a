/** One entry of a tar file made by the build. */
export type TarEntry =
  | { path: string; kind: "directory"; mode?: number }
  | { path: string; kind: "file"; content: Buffer; mode?: number }
  | { path: string; kind: "link" | "hardlink"; target: string };

const blockBytes = 512;
const typeFlags = { file: "0", hardlink: "1", link: "2", directory: "5" } as const;

/** Writes a ustar file; equal entries give equal bytes (owner 0, time 0). Paths up to 100 bytes. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = entry.kind === "file" ? entry.content : Buffer.alloc(0);
    return [header(entry, content.length), content, Buffer.alloc(padding(content.length))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}

/** Field positions by POSIX.1-1988 ustar. */
function header(entry: TarEntry, sizeBytes: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  if (Buffer.byteLength(entry.path) > 100) throw new RangeError(`too long for a tar entry: ${entry.path}`);
  const mode = "mode" in entry && entry.mode !== undefined ? entry.mode : entry.kind === "file" ? 0o644 : 0o755;
  block.write(entry.path, 0, "utf8");
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(sizeBytes, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(" ".repeat(8), 148);
  block.write(typeFlags[entry.kind], 156);
  if ("target" in entry) block.write(entry.target, 157, "utf8");
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padding(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}
