import { expect, it } from "vitest";
import { parseStanzas } from "./apt-stanzas.ts";

const text = `Package: runc
Source: runc (1.1.15+ds1-2)
Version: 1.1.15+ds1-2+b4
Depends: libc6 (>= 2.38), libseccomp2
Size: 3229748
SHA256: ${"a".repeat(64)}
Description: tool
 Version: this line belongs to the description

Package: broken
Version: 1

Package: tini
Version: 0.19
Size: 5
SHA256: ${"b".repeat(64)}
`;

it("reads stanzas, leaves out those without a hash, and is not fooled by folded lines", () => {
  expect(parseStanzas(text)).toEqual([
    {
      name: "runc",
      version: "1.1.15+ds1-2+b4",
      sha256: "a".repeat(64),
      sizeBytes: 3229748,
      source: "runc",
      depends: "libc6 (>= 2.38), libseccomp2",
    },
    { name: "tini", version: "0.19", sha256: "b".repeat(64), sizeBytes: 5, source: "tini", depends: "" },
  ]);
});
