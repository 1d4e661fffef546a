import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { AppError } from "#contract/errors.ts";

const run = promisify(execFile);

/** A QEMU that can run the guest. */
export interface QemuProgram {
  readonly path: string;
  /** For example `10.0.13`. */
  readonly version: string;
  readonly origin: "bundled" | "private" | "system";
}

interface FindOptions {
  /** Folders that may hold `bin/qemu-system-ARCH`, best first: the package's resources. */
  readonly bundles: readonly string[];
  /** `$LONGSHORE_HOME/qemu`, where a bundle is unpacked that the package did not bring. */
  readonly privateDir: string;
  readonly arch: "amd64" | "arm64";
  readonly path?: string | undefined;
}

/** Below this, direct kernel boot, `-incoming` and the options used here are not known to work. */
const oldestVersion = [7, 2] as const;

/** The best QEMU of this machine: bundled, then private, then the system's. Throws `unavailable` with what to do. */
export async function findQemu(options: FindOptions): Promise<QemuProgram> {
  const rejected: string[] = [];
  for (const candidate of candidates(options)) {
    const version = await readVersion(candidate.path);
    if (version === undefined) continue;
    if (isAtLeast(version, oldestVersion)) return { ...candidate, version };
    rejected.push(`${candidate.path} is version ${version}`);
  }
  const seen = rejected.length > 0 ? ` (${rejected.join("; ")})` : "";
  throw new AppError(
    "unavailable",
    `No QEMU ${oldestVersion.join(".")} or later was found${seen}. Install it (Debian, Ubuntu: "sudo apt install qemu-system-x86"; macOS: "brew install qemu"), or use a Longshore package, which brings its own.`,
  );
}

function* candidates({ bundles, privateDir, arch, path }: FindOptions) {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = `qemu-system-${arch === "amd64" ? "x86_64" : "aarch64"}${suffix}`;
  for (const bundle of bundles) yield { path: join(bundle, "bin", program), origin: "bundled" as const };
  yield { path: join(privateDir, "bin", program), origin: "private" as const };
  const folders = (path ?? process.env.PATH ?? "").split(delimiter);
  const usual = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "C:\\Program Files\\qemu"];
  for (const folder of new Set([...folders.filter((name) => name !== ""), ...usual])) {
    yield { path: join(folder, program), origin: "system" as const };
  }
}

async function readVersion(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ["--version"], { timeout: 10_000 });
    return parseVersion(stdout);
  } catch {
    return undefined;
  }
}

/** The number in `QEMU emulator version 10.0.13 (Debian …)`. */
export function parseVersion(output: string): string | undefined {
  return /version (\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}

/** Compares `10.0.13` with `[8, 2]` number by number. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
