// `npm start`: installs what is missing, builds, opens the app; `-- --browser` opens it in the browser instead.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureModules, ensureNode24, root } from "./bootstrap.mjs";

ensureModules();
await ensureNode24();
const { ensureBuilt } = await import("./prepare.mjs");
ensureBuilt();

const args = process.argv.slice(2);

// The machine's image is built from Debian's packages where it was not yet; the build itself needs a few of them.
const hasImage = existsSync(join(root, "out", "vm", process.arch === "arm64" ? "arm64" : "amd64", "manifest.json"));
if (/--engine[ =]vm\b/.test(args.join(" ")) && !hasImage && existsSync("/usr/bin/apt-get")) {
  const { ensurePackages } = await import("./system-packages.mjs");
  const missing = ensurePackages("vm");
  if (missing) console.error(missing);
}

/** The path of an Electron binary, or undefined after saying in one line why there is none. */
async function findDesktop() {
  if (args.includes("--browser")) return undefined;
  const { findElectron } = await import("./electron-runtime.mjs");
  const found = await findElectron();
  if ("path" in found) return found.path;
  console.error(`${found.reason} Opening in the browser instead.`);
  return undefined;
}

const electron = await findDesktop();
if (electron) {
  const child = spawn(electron, [root, ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
} else {
  // In this process: a second Node would double the start-up time. Compiled code is kept between starts.
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(join(root, "node_modules", ".cache", "compile"));
  await import(pathToFileURL(join(root, "out", "main", "browser.cjs")).href);
}
