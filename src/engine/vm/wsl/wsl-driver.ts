import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "#contract/errors.ts";
import { poll, withDeadline } from "../deadline.ts";
import type { Driver, Guest, GuestLink, GuestSpec, RunRecord } from "../driver.ts";
import { openZstd } from "../open-zstd.ts";
import { launchDetached } from "../process/launch.ts";
import { wslArguments, wslCommands } from "./wsl-commands.ts";

export interface WslDriverOptions {
  readonly program: string;
  /** Folder for the distribution's disk. */
  readonly folder: string;
  /** Where `longshore-wsl-ARCH.tar.zst` may lie, best first: the package's resources. */
  readonly rootArchives: readonly string[];
}

type Wsl = ReturnType<typeof wslCommands>;

/**
 * WSL 2. The system is one distribution, replaceable; the data lies in a second one, which is imported once
 * and never unregistered here. Ports are carried by Windows itself. Never run by us: see docs/platforms.md.
 */
export function wslDriver(options: WslDriverOptions): Driver {
  const wsl = wslCommands(options.program);
  return {
    name: "wsl",
    probe: async () => {
      try {
        const version = await wsl.version();
        if (version === undefined) return { usable: false, reason: 'WSL 2 is not set up; run "wsl --install" once.' };
        return { usable: true, version, accelerator: "hyper-v", reason: `WSL ${version}.` };
      } catch (error) {
        return { usable: false, reason: error instanceof AppError ? error.message : String(error) };
      }
    },
    start: (spec, signal) => start(options, wsl, { spec, signal }),
    adopt: async (record) => ((await wsl.running()).includes(record.name) ? wslGuest(wsl, record) : undefined),
  };
}

async function start(
  options: WslDriverOptions,
  wsl: Wsl,
  { spec, signal }: { spec: GuestSpec; signal: AbortSignal },
): Promise<Guest> {
  const names = [spec.name, dataName(spec.name)];
  const known = await wsl.names();
  const missing = names.filter((name) => !known.includes(name));
  if (missing.length > 0) await importRoots(options, wsl, missing);
  // Detached, because a distribution lives only as long as a program that Windows started in it.
  const launch = (args: string[]) =>
    launchDetached({ program: options.program, args, log: spec.consoleLog, cwd: options.folder });
  await launch(wslArguments.shareData(dataName(spec.name)));
  await launch(wslArguments.start(spec.name));
  const ask = async (): Promise<true | undefined> => ((await wsl.running()).includes(spec.name) ? true : undefined);
  await poll(ask, { everyMs: 200, timeoutMs: 30_000, signal, what: "The distribution did not start" });
  const record: RunRecord = {
    driver: "wsl",
    name: spec.name,
    runDir: spec.runDir,
    driverVersion: (await wsl.version()) ?? "unknown",
    accelerator: "hyper-v",
    reason: "WSL 2.",
  };
  return wslGuest(wsl, record);
}

/** Makes the distributions that are not there; those that are stay as they are. */
async function importRoots(options: WslDriverOptions, wsl: Wsl, names: readonly string[]): Promise<void> {
  const archive = options.rootArchives.find((path) => existsSync(path));
  if (archive === undefined) {
    throw new AppError("not_found", `There is no root for WSL: looked for ${options.rootArchives.join(", ")}.`);
  }
  await mkdir(options.folder, { recursive: true });
  const tarball = join(options.folder, "root.tar");
  try {
    await pipeline(createReadStream(archive), openZstd(), createWriteStream(tarball));
    for (const name of names) {
      const folder = join(options.folder, name);
      await mkdir(folder, { recursive: true });
      await wsl.import(name, folder, tarball);
    }
  } finally {
    await rm(tarball, { force: true });
  }
}

/** The distribution that holds the data; it survives every replacement of the system. */
export function dataName(name: string): string {
  return `${name}-data`;
}

function wslGuest(wsl: Wsl, record: RunRecord): Guest {
  const ended = watchEnd(wsl, record.name);
  return {
    record,
    link: wslLink(wsl, record.name),
    ended,
    release: () => undefined,
    powerDown: async () => {
      await wsl.guest(record.name, ["shutdown"], 10_000);
    },
    kill: async () => {
      await wsl.terminate(record.name);
      await withDeadline(ended, 15_000, "The distribution did not end");
    },
    condition: async () => ((await wsl.running()).includes(record.name) ? "running" : "hung"),
    abilities: {},
  };
}

function wslLink(wsl: Wsl, name: string): GuestLink {
  return {
    dialDocker: async () => wsl.dial(name),
    runGuest: (words, timeoutMs = 15_000) => wsl.guest(name, words, timeoutMs),
    dropSpare: () => undefined,
    close: () => undefined,
  };
}

async function watchEnd(wsl: Wsl, name: string): Promise<string> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 2_000).unref();
    await promise;
    if (!(await wsl.running()).includes(name)) return "the distribution ended";
  }
}
