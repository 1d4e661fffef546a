import { afterAll, expect, test } from "vitest";
import { RegexRunner, SlowRegexError } from "./regex-runner.ts";

const runner = new RegexRunner();
afterAll(() => runner.close());

const shared = new SharedArrayBuffer(64);
Buffer.from(shared).write(`${"a".repeat(40)}!\nplain line\n`, "latin1");
const scan = { kind: "scan", shared, start: 0, end: 53 } as const;
const pattern = (source: string) => ({ source, flags: "", within: source });

test("what waits behind an expression that is stopped gets its answer, unless it is of the same expression", async () => {
  const hostile = pattern("^(a+)+$");
  const results = await Promise.allSettled([
    runner.run(hostile, scan),
    runner.run(hostile, scan),
    runner.run(pattern("plain"), scan),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect(results[0]).toMatchObject({ reason: expect.any(SlowRegexError) });
  expect(results[2]).toMatchObject({ value: { hits: Uint32Array.of(42) } });
});
