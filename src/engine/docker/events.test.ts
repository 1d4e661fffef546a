import fc from "fast-check";
import { expect, test } from "vitest";
import { containersTouchedBy } from "./container-list.ts";
import { type EngineEvent, LineSplitter, parseEvent } from "./events.ts";

test("lines come out whole, however the bytes are cut", () => {
  const line = fc.string({ unit: "binary", minLength: 1 }).map((text) => JSON.stringify({ text }));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat({ max: 20 }), { minLength: 1 }), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
      const splitter = new LineSplitter();
      const seen: string[] = [];
      let turn = 0;
      for (let offset = 0; offset < bytes.length; turn += 1) {
        const size = 1 + (sizes[turn % sizes.length] ?? 0);
        seen.push(...splitter.push(bytes.subarray(offset, offset + size)));
        offset += size;
      }
      expect(seen).toEqual(lines);
    }),
  );
});

test("a line without an end does not fill the memory", () => {
  const splitter = new LineSplitter();
  for (let round = 0; round < 40; round += 1) splitter.push(Buffer.alloc(1 << 16, "x"));
  expect(splitter.push(Buffer.from("\nnext\n")).at(-1)).toBe("next");
});

test("what is no event of ours is none", () => {
  for (const line of ["", "nonsense", "null", "[]", '{"Type":"plugin","Action":"x","Actor":{"ID":"1"}}']) {
    expect(parseEvent(line)).toBeUndefined();
  }
});

test("only events that change a description touch a container", () => {
  const event = (type: EngineEvent["type"], action: string, attributes = {}): EngineEvent => ({
    type,
    action,
    id: "x",
    attributes,
    time: 0,
  });
  for (const action of ["create", "start", "die", "destroy", "rename", "health_status: healthy", "oom", "update"]) {
    expect(containersTouchedBy(event("container", action))).toEqual(["x"]);
  }
  for (const action of ["exec_create: sh", "exec_start: sh", "exec_die", "top", "attach", "resize", "archive-path"]) {
    expect(containersTouchedBy(event("container", action))).toEqual([]);
  }
  expect(containersTouchedBy(event("network", "connect", { container: "c" }))).toEqual(["c"]);
  expect(containersTouchedBy(event("network", "create"))).toEqual([]);
});
