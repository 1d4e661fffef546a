import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const canary = "c4n4ry-5ecret-value";

test.each([
  { password: canary },
  { env: { DB_PASSWORD: canary } },
  { registry: { identityToken: canary } },
  { headers: { Authorization: `Basic ${canary}` } },
  { url: `https://user:${canary}@registry.example/v2/` },
  { line: `curl -H "Authorization: Bearer ${canary}"` },
  { args: ["-e", `API_KEY=${canary}`] },
  { error: new Error(`login failed for tcp://me:${canary}@host`) },
  { link: `http://127.0.0.1:80/#code=${canary}` },
])("no secret passes: %j", (facts) => {
  expect(JSON.stringify(redact(facts))).not.toContain(canary);
});

test("what is no secret stays as it is", () => {
  const facts = { name: "web", port: 8080, url: "https://registry.example/v2/", ok: true, none: null, list: ["a", 1] };
  expect(redact(facts)).toEqual(facts);
});
