import { mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { redact, redactText } from "./redact.ts";

type Write = (message: string, facts?: Record<string, unknown>) => void;

/** Longshore's own log. Secrets are hidden here, at the only door, not by those who write. */
export interface Log {
  readonly debug: Write;
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
  // Synchronous: a few lines a minute, and the last ones before a crash are those that matter.
  const writer = pino({ base: { pid: process.pid } }, pino.destination({ dest: file, sync: true, mode: 0o600 }));
  const at =
    (level: "debug" | "info" | "warn" | "error"): Write =>
    (message, facts = {}) =>
      writer[level](redact(facts), redactText(message));
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
