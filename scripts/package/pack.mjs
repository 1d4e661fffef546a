// Packs what is built. Where Electron's binary cannot be had, packs a folder on a stub instead and says so.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap.mjs";
import { obtainElectron } from "../electron-runtime.mjs";
import { runTool } from "../prepare.mjs";
import { makeStubElectron } from "./stub-electron.mjs";

async function stubArguments(reason, args) {
  console.log(`${reason} Packing a Linux folder on a stub of Electron: it shows what a package holds, and cannot run.`);
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/electron/package.json"), "utf8"));
  const stub = await makeStubElectron(join(root, "out/stub-electron"), version);
  return ["--linux", "dir", `-c.electronDist=${stub}`, ...args];
}

/** Runs electron-builder with its own arguments, `--stub` apart; answers its exit code. */
export async function pack(args) {
  const own = args.filter((argument) => argument !== "--stub");
  const found = own.length < args.length ? { reason: "A package on a stub was asked for." } : await obtainElectron();
  const builderArguments = found.reason ? await stubArguments(found.reason, own) : own;
  return runTool("electron-builder", [...builderArguments, "--publish", "never"]);
}
