/** What a tar's header says of an entry (POSIX.1-2001 pax, with GNU's long names and base-256 numbers). */
export interface TarEntry {
  /** As written; bytes that are no UTF-8 stand as `\xNN`. */
  readonly path: string;
  /** The type flag: `0` file, `1` hardlink, `2` symlink, `3` `4` devices, `5` directory, `6` fifo. */
  readonly type: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly target: string;
}

/** Takes the bytes of one entry. */
export interface BodySink {
  write(bytes: Buffer): void;
  end(): void;
}

/** The bytes are no tar, or one that was damaged. */
export class NoTarError extends Error {
  override readonly name = "NoTarError";
}

const blockBytes = 512;
/** Long names and pax records beyond this are an attack. */
const maxExtraBytes = 1 << 20;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decodeName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes)
      .toString("latin1")
      .replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return decodeName(end === -1 ? field : field.subarray(0, end));
}

function number(header: Buffer, start: number, length: number): number {
  if (((header[start] ?? 0) & 0x80) !== 0) {
    let value = 0;
    for (let index = start + 1; index < start + length; index += 1) value = value * 256 + (header[index] ?? 0);
    return value;
  }
  const digits = /[0-7]+/.exec(header.toString("latin1", start, start + length))?.[0];
  return digits === undefined ? 0 : Number.parseInt(digits, 8);
}

const checksumStart = 148;
const checksumLength = 8;

function checksumHolds(header: Buffer): boolean {
  let sum = 0;
  for (let index = 0; index < blockBytes; index += 1) {
    const isChecksum = index >= checksumStart && index < checksumStart + checksumLength;
    sum += isChecksum ? 0x20 : (header[index] ?? 0);
  }
  return sum === number(header, checksumStart, checksumLength);
}

function pathOf(header: Buffer): string {
  const name = text(header, 0, 100);
  const isUstar = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? text(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** `length key=value\n`, again and again. */
function readPax(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  let offset = 0;
  while (offset < bytes.length) {
    const space = bytes.indexOf(0x20, offset);
    const length = Number(bytes.toString("latin1", offset, Math.max(space, offset)));
    if (space === -1 || !Number.isInteger(length) || length <= 0 || offset + length > bytes.length) break;
    const record = bytes.subarray(space + 1, offset + length - 1);
    const equals = record.indexOf(0x3d);
    if (equals > 0) records.set(record.toString("latin1", 0, equals), record.subarray(equals + 1));
    offset += length;
  }
  return records;
}

/** What GNU and pax headers say about the next entry. */
interface Extra {
  path?: string;
  target?: string;
  size?: number;
}

/**
 * Walks a tar that comes in pieces of any size. Bodies that nobody wants are skipped without a copy, which is what makes
 * listing a large image quick; a general tar reader hands over each body as a stream.
 */
export class TarScanner {
  readonly #onEntry: (entry: TarEntry) => BodySink | undefined;
  readonly #header = Buffer.alloc(blockBytes);
  #headerFilled = 0;
  #bodyLeft = 0;
  #paddingLeft = 0;
  #sink: BodySink | undefined;
  #extra: Extra = {};
  #entries = 0;

  constructor(onEntry: (entry: TarEntry) => BodySink | undefined) {
    this.#onEntry = onEntry;
  }

  /** Throws `NoTarError` at a damaged header. */
  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#bodyLeft > 0) offset += this.#takeBody(chunk, offset);
      else if (this.#paddingLeft > 0) {
        const skipped = Math.min(this.#paddingLeft, chunk.length - offset);
        this.#paddingLeft -= skipped;
        offset += skipped;
      } else offset += this.#takeHeader(chunk, offset);
    }
  }

  /** Throws `NoTarError` where the tar stops in the middle of an entry or holds nothing that is one. */
  end(): void {
    if (this.#bodyLeft > 0 || this.#headerFilled > 0) throw new NoTarError("the tar was cut");
  }

  #takeBody(chunk: Buffer, offset: number): number {
    const taken = Math.min(this.#bodyLeft, chunk.length - offset);
    this.#sink?.write(chunk.subarray(offset, offset + taken));
    this.#bodyLeft -= taken;
    if (this.#bodyLeft === 0) this.#endBody();
    return taken;
  }

  #endBody(): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.end();
  }

  #takeHeader(chunk: Buffer, offset: number): number {
    const taken = chunk.copy(this.#header, this.#headerFilled, offset, offset + blockBytes - this.#headerFilled);
    this.#headerFilled += taken;
    if (this.#headerFilled === blockBytes) {
      this.#headerFilled = 0;
      this.#readHeader(this.#header);
    }
    return taken;
  }

  #readHeader(header: Buffer): void {
    // Blocks of zeros end a tar; more may follow where tars were put behind one another.
    if (header[0] === 0 && header.every((byte) => byte === 0)) return;
    if (!checksumHolds(header)) throw new NoTarError(this.#entries === 0 ? "not a tar" : "the tar is damaged");
    this.#entries += 1;
    const type = String.fromCharCode(header[156] || 0x30);
    const sizeBytes = this.#extra.size ?? number(header, 124, 12);
    this.#bodyLeft = sizeBytes;
    this.#paddingLeft = (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
    if (type === "L" || type === "K" || type === "x" || type === "g") this.#sink = this.#collectExtra(type, sizeBytes);
    else this.#sink = this.#announce(header, type, sizeBytes);
    if (sizeBytes === 0) this.#endBody();
  }

  #announce(header: Buffer, type: string, sizeBytes: number): BodySink | undefined {
    const { path = pathOf(header), target = text(header, 157, 100) } = this.#extra;
    this.#extra = {};
    return this.#onEntry({
      path,
      type: type === "7" ? "0" : type,
      sizeBytes,
      mode: number(header, 100, 8) & 0o7777,
      uid: number(header, 108, 8),
      gid: number(header, 116, 8),
      mtime: number(header, 136, 12),
      target,
    });
  }

  #collectExtra(type: string, sizeBytes: number): BodySink {
    if (sizeBytes > maxExtraBytes) throw new NoTarError("a header is too long");
    const chunks: Buffer[] = [];
    return {
      write: (bytes) => void chunks.push(Buffer.from(bytes)),
      end: () => this.#applyExtra(type, Buffer.concat(chunks)),
    };
  }

  #applyExtra(type: string, bytes: Buffer): void {
    // Global records hold no names.
    if (type === "g") return;
    if (type === "L" || type === "K") {
      const end = bytes.indexOf(0);
      const name = decodeName(end === -1 ? bytes : bytes.subarray(0, end));
      this.#extra = { ...this.#extra, ...(type === "L" ? { path: name } : { target: name }) };
      return;
    }
    const records = readPax(bytes);
    const [path, target, size] = [records.get("path"), records.get("linkpath"), records.get("size")];
    this.#extra = {
      ...this.#extra,
      ...(path ? { path: decodeName(path) } : {}),
      ...(target ? { target: decodeName(target) } : {}),
      ...(size ? { size: Number(size.toString("latin1")) || 0 } : {}),
    };
  }
}
