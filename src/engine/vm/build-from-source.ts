import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { AppError } from "#contract/errors.ts";
import { findQemu } from "./qemu/find-qemu.ts";

type Provide = (report: (text: string) => void, signal: AbortSignal) => Promise<void>;
type Build = (folder: string, ...rest: Parameters<Provide>) => Promise<void>;

/** Builds the image with the project's own recipe; an image that was built by hand before is taken as it is. */
export function buildFromSource(source: string, arch: "amd64" | "arm64"): Build {
  const built = join(source, "out", "vm", arch);
  return async (folder, report, signal) => {
    if (!existsSync(join(built, "manifest.json"))) {
      const args = ["vm/build.ts", "--arch", arch, "--out", folder, "--json"];
      return runScript(source, args, { what: "The guest image", report, signal });
    }
    report("copying the image that was built here");
    // By reference where the file system can.
    await cp(built, folder, { recursive: true, dereference: true, mode: 2 });
  };
}

/** Takes QEMU from Debian's packages into a folder of the project where this computer has none. */
export function qemuFromSource(source: string, wanted: Parameters<typeof findQemu>[0]): Provide {
  return async (report, signal) => {
    const found = await findQemu(wanted).catch(() => undefined);
    if (found) return;
    report("QEMU is not on this computer: taking it from Debian's packages");
    const args = ["vm/build-qemu.ts", "--out", join(source, "out", "vm", "qemu")];
    await runScript(source, args, { what: "QEMU", report, signal });
  };
}

interface Script {
  /** What it makes, for the message of a failure. */
  readonly what: string;
  readonly report: (text: string) => void;
  readonly signal: AbortSignal;
}

async function runScript(source: string, args: readonly string[], { what, report, signal }: Script): Promise<void> {
  // Electron's binary is no Node once its fuses are set.
  const node = process.versions.electron === undefined ? process.execPath : "node";
  const child = spawn(node, [...args], { cwd: source, stdio: ["ignore", "pipe", "pipe"], signal });
  let last = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    last = (last + text).slice(-2_000);
  });
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) report(progressText(line));
  const [code] = await ended;
  if (code !== 0) throw new AppError("unavailable", `${what} could not be built: ${last.trim()}`);
}

function progressText(line: string): string {
  try {
    const progress = JSON.parse(line) as { text?: string };
    return progress.text ?? "";
  } catch {
    return line;
  }
}
