/** Lone surrogates stand for bytes that are no UTF-8: U+DC80 is 0x80 (as Python's `surrogateescape` does). */
const escapeBase = 0xdc00;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Length of the valid UTF-8 sequence at `at`, or 0. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    utf8.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/** A name or path as the contract writes it: any bytes, none of them lost. */
export function decodePath(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const length = sequenceLength(bytes, at);
      if (length === 0) text += String.fromCharCode(escapeBase + (bytes[at] ?? 0));
      else text += utf8.decode(bytes.subarray(at, at + length));
      at += length || 1;
    }
    return text;
  }
}

/** The bytes of such a name or path. */
export function encodePath(text: string): Buffer {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  let plain = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0xdc80 || code > 0xdcff) {
      plain += character;
      continue;
    }
    parts.push(Buffer.from(plain), Buffer.from([code - escapeBase]));
    plain = "";
  }
  return Buffer.concat([...parts, Buffer.from(plain)]);
}

/** Where a volume stands in its helper. */
export const volumeMount = "/data";

/** A path inside a volume as its path in the helper. */
export function inHelper(path: string): Buffer {
  return Buffer.concat([Buffer.from(path === "" ? volumeMount : `${volumeMount}/`), encodePath(path)]);
}

/** The folder of a path, and its last name. */
export function splitPath(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf("/");
  return { folder: at < 0 ? "" : path.slice(0, at), name: path.slice(at + 1) };
}

export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
