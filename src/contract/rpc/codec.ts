/**
 * Messages for transports that carry text and bytes but no structured clone (WebSocket).
 * A message without bytes is JSON text. One with bytes is a frame: uint32 length of the JSON head, the head
 * `{message, parts: [{path, length}]}`, then the bytes of the parts. Paths travel beside the message, never as marks
 * inside it, so that no user data can be mistaken for a mark.
 */
interface Part {
  readonly path: readonly (string | number)[];
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const headLengthBytes = 4;

function lift(value: unknown, path: readonly (string | number)[], parts: Part[]): unknown {
  if (value instanceof Uint8Array) {
    parts.push({ path, bytes: value });
    return null;
  }
  if (Array.isArray(value)) return value.map((entry, index) => lift(entry, [...path, index], parts));
  if (typeof value !== "object" || value === null) return value;
  const lifted: [string, unknown][] = Object.entries(value).map(([key, entry]) => [
    key,
    lift(entry, [...path, key], parts),
  ]);
  return Object.fromEntries(lifted);
}

/**
 * True where a `Uint8Array` hides somewhere in the value; spares large plain lists the copy that `lift` makes. Goes into
 * objects alone: most values are none, and a call for each would cost more than the JSON does.
 */
function hasBytes(value: object): boolean {
  if (value instanceof Uint8Array) return true;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return inner.some((entry) => typeof entry === "object" && entry !== null && hasBytes(entry));
}

/** The message as JSON text, or as a binary frame where it carries bytes. */
export function encodeMessage(message: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof message !== "object" || message === null || !hasBytes(message)) return JSON.stringify(message);
  const parts: Part[] = [];
  const lifted = lift(message, [], parts);
  const sizes = parts.map(({ path, bytes }) => ({ path, length: bytes.length }));
  const head = encoder.encode(JSON.stringify({ message: lifted, parts: sizes }));
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, headLengthBytes + head.length);
  const frame = new Uint8Array(total);
  new DataView(frame.buffer).setUint32(0, head.length);
  frame.set(head, headLengthBytes);
  let offset = headLengthBytes + head.length;
  for (const { bytes } of parts) {
    frame.set(bytes, offset);
    offset += bytes.length;
  }
  return frame;
}

/** The message of a text or a frame. Throws on anything malformed; the transport then closes. */
export function decodeMessage(data: string | Uint8Array): unknown {
  if (typeof data === "string") return JSON.parse(data);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const headEnd = headLengthBytes + view.getUint32(0);
  const head: unknown = JSON.parse(decoder.decode(data.subarray(headLengthBytes, headEnd)));
  if (!isHead(head)) throw new TypeError("frame head is malformed");
  let offset = headEnd;
  for (const { path, length } of head.parts) {
    if (offset + length > data.length) throw new TypeError("frame is shorter than its parts");
    place(head, ["message", ...path], data.slice(offset, offset + length));
    offset += length;
  }
  return head.message;
}

interface Head {
  message: unknown;
  parts: { path: (string | number)[]; length: number }[];
}

function isHead(head: unknown): head is Head {
  if (typeof head !== "object" || head === null || !("message" in head) || !("parts" in head)) return false;
  return (
    Array.isArray(head.parts) &&
    head.parts.every(
      (part: unknown) =>
        typeof part === "object" &&
        part !== null &&
        "path" in part &&
        Array.isArray(part.path) &&
        "length" in part &&
        Number.isSafeInteger(part.length) &&
        Number(part.length) >= 0,
    )
  );
}

/** Sets what lies at a path; own properties only, so that a hostile path cannot reach a prototype. */
function place(root: object, path: readonly (string | number)[], value: Uint8Array): void {
  let holder: object = root;
  for (const [index, key] of path.entries()) {
    if (!Object.hasOwn(holder, key)) throw new TypeError("frame names a part that is not there");
    if (index === path.length - 1) {
      Reflect.set(holder, key, value);
      return;
    }
    const next: unknown = Reflect.get(holder, key);
    if (typeof next !== "object" || next === null) throw new TypeError("frame names a part that is not there");
    holder = next;
  }
}
