import fc from "fast-check";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { NoTarError, type TarEntry, TarScanner } from "./tar-scanner.ts";

interface Given {
  readonly name: string;
  readonly body: string;
}

async function makeTar(files: readonly Given[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, body } of files) tar.entry({ name, mode: 0o644, mtime: new Date(1_000_000) }, body);
  tar.entry({ name: "link", type: "symlink", linkname: "to/there" });
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function scan(bytes: Buffer, sizeOfPieces: number): TarEntry[] {
  const entries: TarEntry[] = [];
  const scanner = new TarScanner((entry) => {
    entries.push(entry);
    return undefined;
  });
  for (let at = 0; at < bytes.length; at += sizeOfPieces) scanner.push(bytes.subarray(at, at + sizeOfPieces));
  scanner.end();
  return entries;
}

const fileName = fc.string({ unit: fc.constantFrom(..."abc ü日\"'\\*\t-".split("")), minLength: 1, maxLength: 140 });

test("reads names of any length and letters, however the tar is cut", async () => {
  const files = fc.array(fc.record({ name: fileName, body: fc.string({ maxLength: 1500 }) }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 3000 }), async (given, sizeOfPieces) => {
      const entries = scan(await makeTar(given), sizeOfPieces);
      expect(entries.map(({ path }) => path)).toEqual([...given.map(({ name }) => name), "link"]);
      expect(entries.slice(0, -1).map(({ sizeBytes }) => sizeBytes)).toEqual(
        given.map(({ body }) => Buffer.byteLength(body)),
      );
      expect(entries.at(-1)).toMatchObject({ type: "2", target: "to/there" });
    }),
    { numRuns: 60 },
  );
});

test("refuses what is no tar, and one that was cut", async () => {
  expect(() => scan(Buffer.alloc(2048, "x"), 512)).toThrow(NoTarError);
  const whole = await makeTar([{ name: "a", body: "b".repeat(2000) }]);
  expect(() => scan(whole.subarray(0, 1200), 512)).toThrow("cut");
});
