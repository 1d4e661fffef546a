import { spawn } from "node:child_process";
import { ImageBuildError } from "./build-error.ts";

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
}

/** The last lines are where tools say what went wrong. */
const stderrTailLength = 2000;

/** Runs a program to its end (never through a shell) and gives its standard output; a non-zero exit is an `ImageBuildError`. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, LC_ALL: "C", TZ: "UTC", ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString("latin1")).slice(-stderrTailLength);
    });
    child.on("error", (cause) => reject(startFailure(program, cause, options.signal)));
    child.on("close", (code, killedBy) => {
      if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else reject(new ImageBuildError(describeExit(program, code ?? killedBy, errors)));
    });
  });
}

function startFailure(program: string, cause: Error, signal?: AbortSignal): Error {
  if (signal?.aborted) return cause;
  return new ImageBuildError(`${program} could not be run: ${cause.message}`, { cause });
}

function describeExit(program: string, how: number | string | null, errors: string): string {
  const detail = errors.trim();
  return `${program} failed (${how ?? "no status"})${detail ? `: ${detail}` : ""}`;
}
