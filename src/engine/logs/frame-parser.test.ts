import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameParser, RawParser } from "./frame-parser.ts";
import { LineAssembler, maxLineBytes } from "./line-assembler.ts";

interface Line {
  source: 1 | 2;
  text: string;
  time: string;
}

const stampOf = (nanos: number): string => `2026-11-24T00:10:35.${String(nanos).padStart(9, "0")}Z`;

function frame(source: 1 | 2, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[0] = source;
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

function collect(kind: "frames" | "raw", timestamps: boolean) {
  const lines: (Line & { unfinished: boolean })[] = [];
  const assembler = new LineAssembler(
    (bytes, start, end) => {
      const { source, seconds, nanos, unfinished } = assembler.head;
      lines.push({ source, text: bytes.toString("latin1", start, end), time: `${seconds}.${nanos}`, unfinished });
    },
    { timestamps },
  );
  return { lines, parser: kind === "frames" ? new FrameParser(assembler) : new RawParser(assembler) };
}

function feed(parser: FrameParser | RawParser, bytes: Buffer, sizes: readonly number[]): void {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy of its own, as from a socket: a parser that kept a reference to the last chunk would be found out.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    parser.push(chunk);
    chunk.fill(0x21);
    at += size;
  }
  parser.end();
}

/** Splits a line as dockerd does, at 16 KiB, and stamps each part. */
function dockerParts(line: Buffer, stamp: string): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < line.length; at += 16_384) {
    parts.push(Buffer.concat([Buffer.from(stamp), line.subarray(at, at + 16_384)]));
  }
  return parts;
}

const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "日本語のログ",
      "🚢 ship ⚓ 👩‍👩‍👧‍👦",
      "\r",
      "2026-11-24T00:10:35.000000001Z not mine",
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 16_000, max: 50_000 }).map((length) => "é🚢x".repeat(length / 6)) },
);
const entry = fc.record({
  source: fc.constantFrom(1 as const, 2 as const),
  text: text.map((value) => value.replaceAll("\n", " ")),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
});
const sizes = fc.oneof(
  fc.constant([1]),
  fc.constant([1024 * 1024]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
  fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 4 }),
);

const second = Date.UTC(2026, 10, 24, 0, 10, 35) / 1000;
const expected = (entries: readonly { source: 1 | 2; text: string; nanos: number }[], raw: boolean): Line[] =>
  entries.map(({ source, text: line, nanos }) => ({
    source: raw ? 1 : source,
    text: Buffer.from(line).toString("latin1"),
    time: `${second}.${nanos}`,
  }));

describe("frame parser", () => {
  test("any log cut anywhere gives its lines, with time and source", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), sizes, (entries, cuts) => {
        const stream = entries.flatMap(({ source, text: line, nanos }) =>
          dockerParts(Buffer.from(`${line}\n`), `${stampOf(nanos)} `).map((part) => frame(source, part)),
        );
        const { lines, parser } = collect("frames", true);
        feed(parser, Buffer.concat(stream), cuts);
        expect(lines).toEqual(expected(entries, false).map((line) => ({ ...line, unfinished: false })));
      }),
      { numRuns: 150 },
    );
  });

  test("a terminal's stream gives the same lines", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), sizes, (entries, cuts) => {
        const stream = entries.flatMap(({ text: line, nanos }) =>
          dockerParts(Buffer.from(`${line}\n`), `${stampOf(nanos)} `),
        );
        const { lines, parser } = collect("raw", true);
        feed(parser, Buffer.concat(stream), cuts);
        expect(lines).toEqual(expected(entries, true).map((line) => ({ ...line, unfinished: false })));
      }),
      { numRuns: 150 },
    );
  });

  test("parts of both streams' long lines that alternate are put together again", () => {
    const [out, err] = [Buffer.from(`${"o".repeat(40_000)}\n`), Buffer.from(`${"e".repeat(40_000)}\n`)];
    const outs = dockerParts(out, `${stampOf(1)} `);
    const errs = dockerParts(err, `${stampOf(2)} `);
    const stream = outs.flatMap((part, index) => [frame(1, part), frame(2, errs[index] ?? Buffer.alloc(0))]);
    const { lines, parser } = collect("frames", true);
    feed(parser, Buffer.concat(stream), [1000]);
    expect(lines.map(({ source, text: line }) => [source, line.length])).toEqual([
      [1, 40_000],
      [2, 40_000],
    ]);
  });

  test("without timestamps the bytes are taken as they are", () => {
    const { lines, parser } = collect("frames", false);
    feed(
      parser,
      Buffer.concat([frame(1, Buffer.from("a\nb")), frame(1, Buffer.from("c\n")), frame(2, Buffer.from("rest"))]),
      [3],
    );
    expect(lines.map(({ text: line, unfinished }) => [line, unfinished])).toEqual([
      ["a", false],
      ["bc", false],
      ["rest", true],
    ]);
  });

  test.each(["frames", "raw"] as const)("one endless line in %s is handed on in parts of whole characters", (kind) => {
    const line = Buffer.from("🚢日é".repeat(400_000));
    const parts = dockerParts(line, `${stampOf(5)} `);
    const stream = Buffer.concat(kind === "frames" ? parts.map((part) => frame(1, part)) : parts);
    for (const size of [999, 65_536, 1_048_576]) {
      const { lines, parser } = collect(kind, true);
      feed(parser, stream, [size]);
      expect(lines.map(({ text: part }) => part).join("")).toBe(line.toString("latin1"));
      expect(lines.length).toBeGreaterThan(4);
      for (const part of lines) {
        expect(part.unfinished).toBe(true);
        expect(part.time).toBe(`${second}.5`);
        expect(part.text.length).toBeLessThanOrEqual(maxLineBytes);
        expect(Buffer.from(part.text, "latin1").toString("utf8")).not.toContain("\ufffd");
      }
    }
  });

  test("times with an offset, without a fraction, and lines without a time", () => {
    const { lines, parser } = collect("frames", true);
    const payloads = ["2026-11-24T02:10:35.5+02:00 a\n", "2026-11-24T00:10:36Z b\n", "no time\n", "2026-13x\n"];
    feed(parser, Buffer.concat(payloads.map((payload) => frame(1, Buffer.from(payload)))), [7]);
    expect(lines.map(({ text: line, time }) => [line, time])).toEqual([
      ["a", `${second}.500000000`],
      ["b", `${second + 1}.0`],
      ["no time", `${second + 1}.0`],
      ["2026-13x", `${second + 1}.0`],
    ]);
  });
});
