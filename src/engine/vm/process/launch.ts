import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { AppError } from "#contract/errors.ts";
import type { ProcessIdentity } from "../driver.ts";
import { identify, isAlive } from "./identity.ts";

/** A started process and the promise of its end. */
export interface Launched {
  readonly identity: ProcessIdentity;
  /** How it ended, in words. */
  readonly ended: Promise<string>;
}

interface LaunchRequest {
  readonly program: string;
  readonly args: readonly string[];
  /** File that receives what the program prints. */
  readonly log: string;
  readonly cwd: string;
}

/** Starts a process of its own session, which outlives the app; what it prints goes to a file. */
export async function launchDetached({ program, args, log: logFile, cwd }: LaunchRequest): Promise<Launched> {
  const log = await open(logFile, "a", 0o600);
  try {
    await log.write(`$ ${[program, ...args].join(" ")}\n`);
    const child = spawn(program, args, { cwd, detached: true, stdio: ["ignore", log.fd, log.fd], windowsHide: true });
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal === null ? `status ${code}` : `signal ${signal}`));
    });
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    child.unref();
    if (!identity) throw new AppError("unavailable", `${program} did not start: ${await startFailure(logFile, ended)}`);
    return { identity, ended };
  } finally {
    await log.close();
  }
}

async function startFailure(logFile: string, ended: Promise<string>): Promise<string> {
  const how = await ended;
  return `${how}. ${await lastLines(logFile)}`;
}

/** The last words of a log file, for a message. */
export async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("$ "));
  return lines.slice(-3).join(" ");
}

/** The end of a process that is not a child of this one. */
export async function watchEnd(identity: ProcessIdentity): Promise<string> {
  while (await isAlive(identity)) {
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 500).unref();
    await promise;
  }
  return "how is unknown, because an earlier run of the app had started it";
}
