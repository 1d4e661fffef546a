import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { AppError } from "#contract/errors.ts";

type Build = (folder: string, report: (text: string) => void, signal: AbortSignal) => Promise<void>;

/** Builds the image with the project's own recipe; an image that was built by hand before is taken as it is. */
export function buildFromSource(source: string, arch: "amd64" | "arm64"): Build {
  const built = join(source, "out", "vm", arch);
  return async (folder, report, signal) => {
    if (!existsSync(join(built, "manifest.json"))) return runBuild(source, { folder, arch }, { report, signal });
    report("copying the image that was built here");
    // By reference where the file system can.
    await cp(built, folder, { recursive: true, dereference: true, mode: 2 });
  };
}

async function runBuild(
  source: string,
  { folder, arch }: { folder: string; arch: string },
  { report, signal }: { report: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  // Electron's binary is no Node once its fuses are set.
  const node = process.versions.electron === undefined ? process.execPath : "node";
  const args = [join(source, "vm", "build.ts"), "--arch", arch, "--out", folder, "--json"];
  const child = spawn(node, args, { cwd: source, stdio: ["ignore", "pipe", "pipe"], signal });
  let last = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    last = (last + text).slice(-2_000);
  });
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) report(progressText(line));
  const [code] = await ended;
  if (code !== 0) throw new AppError("unavailable", `The guest image could not be built: ${last.trim()}`);
}

function progressText(line: string): string {
  try {
    const progress = JSON.parse(line) as { text?: string };
    return progress.text ?? "";
  } catch {
    return line;
  }
}
