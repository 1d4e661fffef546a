import { mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { redact } from "./redact.ts";

type Write = (message: string, facts?: Record<string, unknown>) => void;

type Level = "info" | "warn" | "error";

/** Longshore's own log. Secrets are hidden here, at the only door, not by those who write. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** Kept twice, so that the log folder holds at most about 10 MB of it. */
const rotateBytes = 5_000_000;

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > rotateBytes) renameSync(file, `${file}.1`);
}

/** Opens `HOME/logs/longshore.log` (JSON lines). */
export function openLog(home: string): Log {
  const folder = join(home, "logs");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "longshore.log");
  rotate(file);
  const descriptor = openSync(file, "a", 0o600);
  const at =
    (level: Level): Write =>
    (message, facts = {}) => {
      const line = { level, time: new Date().toISOString(), pid: process.pid, ...facts, msg: message };
      try {
        // Synchronous: a few lines a minute, and the last ones before a crash are those that matter.
        writeSync(descriptor, `${JSON.stringify(redact(line))}\n`);
      } catch {
        // A full disk: what the line tells of must go on all the same.
      }
    };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
