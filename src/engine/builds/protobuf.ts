/** One field of a protobuf message: a number for varints, bytes for strings, bytes and messages. */
export interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

function readVarint(bytes: Buffer, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, next: index + 1 };
    factor *= 128;
  }
  throw new Error("a protobuf number is cut");
}

/** The fields of a message (https://protobuf.dev/programming-guides/encoding); fixed-width ones are skipped. */
export function* readFields(bytes: Buffer): Generator<Field> {
  let offset = 0;
  while (offset < bytes.length) {
    const key = readVarint(bytes, offset);
    const number = Math.floor(key.value / 8);
    const wireType = key.value % 8;
    if (wireType === 0) {
      const { value, next } = readVarint(bytes, key.next);
      offset = next;
      yield { number, value };
    } else if (wireType === 2) {
      const { value: length, next } = readVarint(bytes, key.next);
      if (next + length > bytes.length) throw new Error("a protobuf field is cut");
      offset = next + length;
      yield { number, value: bytes.subarray(next, offset) };
    } else if (wireType === 1 || wireType === 5) offset = key.next + (wireType === 1 ? 8 : 4);
    else throw new Error(`protobuf wire type ${wireType} is unknown`);
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A field that holds bytes or text. */
export function bytesField(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A field that holds a number. */
export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}
