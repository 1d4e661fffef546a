import { describe, expect, it } from "vitest";
import { dependencyIndex, type KernelModule, withoutSignature } from "./kernel-modules.ts";

function module(name: string, depends: string[]): KernelModule {
  return { name, path: `kernel/${name}.ko`, depends, softDepends: [], aliases: [], content: Buffer.alloc(0) };
}

describe("kernel modules", () => {
  // Seen on arm64: bridge names llc before stp, and stp needs llc.
  it.each([[["stp", "llc"]], [["llc", "stp"]]])(
    "lists all that a module needs with the deepest last, each once (%j)",
    (depends) => {
      const index = dependencyIndex([module("llc", []), module("stp", ["llc"]), module("bridge", depends)]);
      expect(index.split("\n")).toContain("kernel/bridge.ko: kernel/stp.ko kernel/llc.ko");
    },
  );

  it("takes the signature off and leaves the rest as it is", () => {
    const body = Buffer.from("a module");
    const info = Buffer.alloc(12);
    info.writeUInt32BE(5, 8);
    const signed = Buffer.concat([body, Buffer.from("12345"), info, Buffer.from("~Module signature appended~\n")]);
    expect(withoutSignature(signed)).toEqual(body);
    expect(withoutSignature(body)).toEqual(body);
  });
});
