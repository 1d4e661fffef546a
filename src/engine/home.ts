import { chmodSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "#contract/errors.ts";

function platformHome(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Longshore");
  if (platform === "win32") return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "Longshore");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "longshore");
}

/** The folder that holds all state: the option, else `LONGSHORE_HOME`, else the platform's place for data. */
export function resolveHome(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(option || env.LONGSHORE_HOME || platformHome(env, process.platform));
}

/**
 * Makes the folder, readable by its owner alone. Errors: permission or unavailable, with the path. Another user's is
 * left as it is: root could write there, and that user could not open it any more.
 */
export function prepareHome(home: string): void {
  const choose = "Choose another with --home DIR or LONGSHORE_HOME.";
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const { uid } = statSync(home);
    const user = process.getuid?.() ?? uid;
    if (uid !== user) throw new AppError("permission", `The folder ${home} belongs to another user. ${choose}`);
    // A folder that was there before may be open to others; sockets and keys are to lie in it.
    chmodSync(home, 0o700);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new AppError(
      code === "EACCES" || code === "EPERM" ? "permission" : "unavailable",
      `Longshore cannot use the folder ${home} for its data (${code}). ${choose}`,
      { cause },
    );
  }
}
