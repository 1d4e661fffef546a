export interface TarFile {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** A plain ustar archive, padded to whole blocks; names have at most 100 bytes. */
export function packTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap((file) => {
    const padding = Buffer.alloc((512 - (file.content.length % 512)) % 512);
    return [header(file), file.content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header({ name, content, mode }: TarFile): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, "utf8");
  const fields: [number, number, number][] = [
    [mode, 100, 8],
    [0, 108, 8],
    [0, 116, 8],
    [content.length, 124, 12],
    [0, 136, 12],
  ];
  for (const [value, offset, width] of fields) block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, offset);
  block.write("        0", 148);
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
