// Finds the Electron binary for `npm start`, or says in one sentence why there is none. npm delivers Electron without
// it; its own installer fetches it from elsewhere, which a firewall or an air gap may not allow.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./bootstrap.mjs";

const defaults = {
  /** Where npm put the package. */
  folder: join(root, "node_modules/electron"),
  /** Remembers that the download failed, so that the next starts do not wait for it again. */
  memory: join(root, "node_modules/.cache/longshore/electron-download.json"),
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
  /** About 110 MB: ten seconds on a good line; a line that needs more than a minute is as good as none. */
  deadlineMs: 60_000,
};

const rememberMs = 24 * 60 * 60 * 1000;

function readText(file) {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** The binary that is there, or undefined. */
function installed(folder) {
  const name = readText(join(folder, "path.txt"));
  const path = name && join(folder, "dist", name);
  return path && existsSync(path) ? path : undefined;
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

function failedLately(memory, version) {
  try {
    const { failedAt, of, reason } = JSON.parse(readFileSync(memory, "utf8"));
    return of === version && Date.now() - failedAt < rememberMs ? reason : undefined;
  } catch {
    return undefined;
  }
}

/** Runs Electron's installer; answers why it failed, or undefined. */
async function download({ folder, env, deadlineMs }) {
  const child = spawn(process.execPath, ["install.js"], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors = (errors + text).slice(-4000);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, deadlineMs);
  const code = await new Promise((done) => child.on("exit", done));
  clearTimeout(timer);
  if (late) return `the download took longer than ${Math.round(deadlineMs / 1000)} s`;
  if (code === 0) return undefined;
  const line = errors.split("\n").find((text) => /error|failed|ENOTFOUND|ECONN/i.test(text)) ?? "the installer failed";
  return line
    .trim()
    .replace(/^\w*Error: /, "")
    .slice(0, 160);
}

/** Fetches the binary where it is missing. Answers `{ path }`, or `{ reason }` in one sentence. */
export async function obtainElectron(options = {}) {
  const { folder, memory, env, deadlineMs } = { ...defaults, ...options };
  const present = installed(folder);
  if (present) return { path: present };
  const version = versionOf(folder);
  const sentence = (why) => `The Electron runtime ${version} could not be had (${why}).`;
  const before = failedLately(memory, version);
  if (before) return { reason: sentence(`${before}; tried within the last day, ${memory} remembers it`) };
  console.error(`Fetching the Electron runtime ${version}, once…`);
  const failure = (await download({ folder, env, deadlineMs })) ?? (installed(folder) ? undefined : "nothing arrived");
  const path = installed(folder);
  if (path && !failure) {
    rmSync(memory, { force: true });
    return { path };
  }
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ failedAt: Date.now(), of: version, reason: failure }));
  return { reason: sentence(failure) };
}

/** Why Electron's window cannot open on this Linux whatever is installed, or undefined. */
function obstacle({ platform, env, uid }) {
  if (platform !== "linux") return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return "There is no display for a window.";
  // Electron starts as root only without Chromium's sandbox. Longshore never gives that up behind a user's back.
  if (uid === 0) return "The desktop window does not run as root, because Chromium's sandbox does not.";
  return undefined;
}

/** Why Chromium's sandbox cannot be set up for this binary, and what to do; undefined where it can. */
function sandboxObstacle(path, platform) {
  if (platform !== "linux") return undefined;
  const helper = join(dirname(path), "chrome-sandbox");
  const helperState = statSync(helper, { throwIfNoEntry: false });
  if (helperState?.uid === 0 && helperState.mode & 0o4000) return undefined;
  const denied =
    readText("/proc/sys/kernel/unprivileged_userns_clone") === "0" ||
    readText("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1" ||
    readText("/proc/sys/user/max_user_namespaces") === "0";
  if (!denied) return undefined;
  return `This system does not let Chromium build its sandbox; "sudo chown root '${helper}' && sudo chmod 4755 '${helper}'" allows it.`;
}

/** What `npm start` opens the desktop window with: `{ path }`, or `{ reason }` in one sentence. */
export async function findElectron(options = {}) {
  const all = { ...defaults, ...options };
  const reason = obstacle(all);
  if (reason) return { reason };
  const found = await obtainElectron(all);
  if (found.reason) return found;
  const blocked = sandboxObstacle(found.path, all.platform);
  return blocked ? { reason: blocked } : found;
}
