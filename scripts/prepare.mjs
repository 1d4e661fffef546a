// What runs before and around the project's commands, under its own Node 24: a fresh build, and its tools.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, root, toolEnv } from "./bootstrap.mjs";
import { ensurePackages } from "./system-packages.mjs";

const buildStamp = join(root, "out", ".built");

/** True where no source is newer than the last build. */
function isBuilt() {
  const builtAt = existsSync(buildStamp) ? statSync(buildStamp).mtimeMs : 0;
  const sources = globSync(["src/**/*", "package-lock.json", "electron.vite.config.ts"], { cwd: root });
  return builtAt > 0 && sources.every((file) => statSync(join(root, file)).mtimeMs < builtAt);
}

/** Builds main, preload, browser mode and renderer into `out/` where a source is newer. */
export function ensureBuilt() {
  ensureHelperImage();
  if (isBuilt()) return;
  console.error("Building Longshore…");
  const { status } = spawnSync("electron-vite", ["build", "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: toolEnv(),
    shell: process.platform === "win32",
  });
  if (status !== 0) fail("The build failed; the lines above say where.");
  mkdirSync(dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, "");
}

/**
 * The helper image is made of this machine's static busybox, which is installed where that is allowed. Without it the
 * rest works all the same, so it is said and not more. Longshore's own machine brings its own.
 */
function ensureHelperImage() {
  const folder = join(root, "out", "resources", process.arch, "helper");
  if (existsSync(folder) || process.platform !== "linux") return;
  const missing = ensurePackages("helper");
  if (missing) console.error(`${missing}\nUntil then the files of volumes cannot be looked at, nor saved or restored.`);
  else runTool("node", ["vm/build-helper.ts"]);
}

const guestArchs = { x64: "amd64", arm64: "arm64" };

/** Changes with everything that decides the guest image, the QEMU bundle and the plugins. */
function recipeHash() {
  const files = globSync("vm/**/*", { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

/**
 * Makes what the suites over the real virtual machine need, where it is missing or the recipe has changed: the guest
 * image, QEMU, and the docker CLI's plugins. Answers why that cannot be on this computer; undefined where all is there.
 */
export function ensureGuest() {
  const arch = guestArchs[process.arch];
  if (process.platform !== "linux" || !arch) return `a guest image is built on Linux, not on ${process.platform}`;
  const folder = join(root, "out", "vm", arch);
  const stamp = join(folder, ".recipe");
  const recipe = recipeHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === recipe) return undefined;
  console.error("Making the guest image, QEMU and the docker CLI's plugins from Debian's packages…");
  for (const script of ["vm/build.ts", "vm/build-qemu.ts", "vm/build-cli-plugins.ts"]) {
    if (runTool("node", [script]) !== 0) fail(`${script} failed; the lines above say why.`);
  }
  writeFileSync(stamp, recipe);
  return undefined;
}

/** Runs a tool of the project under its own Node; answers its exit code. */
export function runTool(command, args, env = {}) {
  const { status, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...toolEnv(), ...env },
    shell: process.platform === "win32",
  });
  return signal ? 1 : (status ?? 1);
}
