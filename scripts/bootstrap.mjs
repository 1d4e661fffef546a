// First step of `npm start` and `npm test`: dependencies from the lockfile, then the project's own Node 24.
// Runs under any Node that npm runs under, so it uses nothing new.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");
const modules = join(root, "node_modules");
const installStamp = join(modules, ".longshore-lock");
const node24 = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Environment in which the project's own Node and tools come first. */
export function toolEnv() {
  const path = [dirname(node24), join(modules, ".bin"), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path };
}

/** Ends the command with a message for the user. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Installs the npm packages where they are missing or the lockfile has changed. */
export function ensureModules() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const installed = existsSync(installStamp) ? readFileSync(installStamp, "utf8") : "";
  if (installed === lock && existsSync(node24)) return;
  console.error("Installing npm packages…");
  // Not `npm ci`: that refuses the lockfile where a registry does not carry the builds of a tool for other platforms.
  const { status } = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0)
    fail("The npm packages could not be installed; the lines above say why. Check the network and try again.");
  writeFileSync(installStamp, lock);
}

/** Starts this very script again under Node 24 where it runs under another; returns only under Node 24. */
export async function ensureNode24() {
  if (Number(process.versions.node.split(".")[0]) >= 24) return;
  const child = spawn(node24, process.argv.slice(1), { stdio: "inherit", env: toolEnv() });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const [code, signal] = await new Promise((done) => child.on("exit", (...ended) => done(ended)));
  process.exit(signal ? 128 + constants.signals[signal] : code);
}
