import fc from "fast-check";
import { expect, test } from "vitest";
import { familiarReference, parseImageReference } from "./image-reference.ts";

// The grammar as distribution/reference writes it, put together apart from the parser, with the digests that engines take.
const component = "[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*";
const domainPart = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const tag = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const digest = "(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})";
const name = `(?:${domain}/)?${component}(?:/${component})*`;
const grammar = new RegExp(`^${name}(?::${tag})?(?:@${digest})?$`);

test.each([
  ["alpine", "docker.io", "library/alpine", "alpine:latest"],
  ["team/app:1.0", "docker.io", "team/app", "team/app:1.0"],
  ["docker.io/alpine", "docker.io", "library/alpine", "alpine:latest"],
  ["localhost/app", "localhost", "app", "localhost/app:latest"],
  ["localhost:5000/app", "localhost:5000", "app", "localhost:5000/app:latest"],
  ["[::1]:5000/a/b:c", "[::1]:5000", "a/b", "[::1]:5000/a/b:c"],
])("reads %s", (text, host, path, familiar) => {
  const result = parseImageReference(text);
  if (!result.ok) throw new Error(result.problem);
  expect(result.reference).toMatchObject({ domain: host, path });
  expect(familiarReference(result.reference)).toBe(familiar);
});

test.each([
  "",
  "Alpine",
  "a//b",
  "a/",
  "/a",
  "a:",
  "a:b c",
  "a b",
  "a@sha256:12",
  "-a",
  "a:-b",
  "a_-b",
  `${"a".repeat(64)}`,
  "http://x/y",
  "a;touch x",
  "$(x)",
  "--all",
  "../x",
])("refuses %j with a sentence", (text) => {
  const result = parseImageReference(text);
  expect(result.ok).toBe(false);
  if (!result.ok) expect(result.problem).toMatch(/[.-]$/);
});

test("takes what the grammar takes, and nothing else", () => {
  const generated = fc.stringMatching(grammar);
  const noise = fc.string({ unit: fc.constantFrom(..."abA09./:@_-[] é\n".split("")), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(generated, noise), (text) => {
      const { ok } = parseImageReference(text);
      if (ok) expect(grammar.test(text)).toBe(true);
      // What the grammar takes and we refuse: hexadecimal ids, long names, and what can only be meant as a host.
      const isOdd = /^[0-9a-f]{64}$/.test(text) || text.length > 200 || /^[^/]*[A-Z.:[][^/]*\//.test(text);
      if (!ok && !isOdd) expect(grammar.test(text)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
