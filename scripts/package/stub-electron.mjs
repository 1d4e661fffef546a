// A folder that looks like Electron to the packer, for machines where its binary cannot be had. What is packed on it
// does not run, but its archive, its resources and its fuses are those of a real package and can be checked.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackage } from "@electron/asar";
import { FuseState, FuseV1Options } from "@electron/fuses";

/** By this the packer finds the fuses in a binary; @electron/fuses keeps it to itself. */
const sentinel = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";

function binary() {
  const count = Object.values(FuseV1Options).filter((value) => typeof value === "number").length;
  const note = "#!/bin/sh\necho 'This package was made without Electron and cannot run.' >&2; exit 1\n";
  const wire = Buffer.alloc(count, FuseState.ENABLE);
  return Buffer.concat([Buffer.from(note), Buffer.from(sentinel), Buffer.from([1, count]), wire, Buffer.from("\n")]);
}

/** Makes the folder anew and answers its path. */
export async function makeStubElectron(folder, version) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "resources"), { recursive: true });
  writeFileSync(join(folder, "electron"), binary(), { mode: 0o755 });
  writeFileSync(join(folder, "version"), version);
  const app = mkdtempSync(join(tmpdir(), "longshore-stub-"));
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "default-app", main: "main.js" }));
  writeFileSync(join(app, "main.js"), "");
  await createPackage(app, join(folder, "resources/default_app.asar"));
  rmSync(app, { recursive: true, force: true });
  return folder;
}
