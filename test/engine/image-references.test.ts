import { Agent, request } from "node:http";
import fc from "fast-check";
import { afterAll, expect, inject, test } from "vitest";
import { parseImageReference } from "#contract";

const socketPath = new URL(inject("dockerHost")).pathname;
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

/** What the engine says of a name: 400 where it is no reference, 404 where it is one that it has no image for. */
function statusOf(reference: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = `/v1.41/images/${encodeURIComponent(reference)}/json`;
    const outgoing = request({ socketPath, agent, path }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:[.]|_|__|-{1,3})[a-z0-9]{1,4}){0,2}$/);
// Without IPv6 hosts: the grammar and newer engines take them, Docker 20.10 does not.
const host = fc.constantFrom("", "localhost/", "localhost:5000/", "reg.example.com/", "A.b/", "x:/", "-a.b/");
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}$/).map((name) => `:${name}`);
const digest = fc.constantFrom(
  "",
  "",
  "",
  `@sha256:${"a1".repeat(32)}`,
  `@sha256:${"a1".repeat(20)}`,
  `@sha512:${"0f".repeat(64)}`,
  `@md5:${"0f".repeat(16)}`,
);
const nearly = fc
  .tuple(host, fc.array(component, { minLength: 1, maxLength: 3 }), fc.oneof(fc.constant(""), tag), digest)
  .map(([domain, parts, name, sum]) => `${domain}${parts.join("/")}${name}${sum}`);
const broken = fc
  .tuple(nearly, fc.nat(), fc.constantFrom("A", "..", "/", ":", "@", " ", "-", "_", "é", "\u0000", ";", "$(x)"))
  .map(([text, at, what]) => `${text.slice(0, at % (text.length + 1))}${what}${text.slice(at % (text.length + 1))}`);

/** What we refuse and the engine takes: what can only be meant as a host, and is none for its underscore (`a.0__a/0`). */
const oddHost = /^(?=[^/]*[.])[^/]*_[^/]*\//;
/** What we take, as newer engines do, and Docker 20.10 does not: a host that only its capitals tell from a folder. */
const newerHost = /^(?=[^/]*[A-Z])[^/.:]*\//;

test("what is taken as a reference here the engine takes, and what is refused here it refuses", async () => {
  const property = fc.asyncProperty(fc.oneof(nearly, broken), async (text) => {
    const { ok } = parseImageReference(text);
    const understood = [200, 404].includes(await statusOf(text));
    if (!(ok ? newerHost : oddHost).test(text)) expect([text, ok]).toEqual([text, understood]);
  });
  await fc.assert(property, { numRuns: 1_000 });
});
