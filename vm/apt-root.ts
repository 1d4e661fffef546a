import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AptStanza, parseStanzas } from "./apt-stanzas.ts";
import type { Arch } from "./arch.ts";
import { archiveKeyring } from "./archive-keyring.ts";
import { ImageBuildError } from "./build-error.ts";
import { runCommand } from "./run-command.ts";

export interface AptRootOptions {
  /** Private folder for lists and caches; reused between builds. */
  dir: string;
  arch: Arch;
  /** Debian suite, e.g. `trixie`. */
  suite: string;
  mirror?: string;
  securityMirror?: string;
  signal?: AbortSignal;
}

/** An apt that knows nothing of the host's packages, sources or settings and needs no root. */
export interface AptRoot {
  /** Fetches the package lists and verifies the archive's signature. */
  update(): Promise<void>;
  /** All versions that the archive offers of the given packages; unknown names are left out. */
  lookUp(names: readonly string[]): Promise<AptStanza[]>;
  /** Everything apt would install for `names` on an empty system, by name. */
  resolve(names: readonly string[]): Promise<string[]>;
  /** Downloads `name=version` items into `targetDir`, hashes verified by apt. */
  download(items: readonly string[], targetDir: string): Promise<void>;
}

const defaultMirror = "http://deb.debian.org/debian";
const defaultSecurityMirror = "http://deb.debian.org/debian-security";

export async function openAptRoot(options: AptRootOptions): Promise<AptRoot> {
  const configPath = await writeConfiguration(options);
  const env = { APT_CONFIG: configPath };
  const run = (program: string, args: readonly string[], cwd?: string) =>
    runCommand(program, args, {
      env,
      ...(cwd ? { cwd } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  return {
    async update() {
      try {
        await run("apt-get", ["update", "-qq", "--error-on=any"]);
      } catch (cause) {
        throw explainUpdateFailure(cause, options.suite);
      }
    },
    async lookUp(names) {
      if (names.length === 0) return [];
      // `apt-cache show` fails when one name is unknown, so unknown names are sorted out first.
      const known = new Set((await run("apt-cache", ["pkgnames"])).split("\n"));
      const wanted = names.filter((name) => known.has(name));
      if (wanted.length === 0) return [];
      return parseStanzas(await run("apt-cache", ["show", ...wanted]));
    },
    async resolve(names) {
      const plan = await run("apt-get", ["install", "--simulate", "-qq", ...names]);
      return plan
        .split("\n")
        .filter((line) => line.startsWith("Inst "))
        .map((line) => line.split(" ")[1] ?? "")
        .sort();
    },
    async download(items, targetDir) {
      await mkdir(targetDir, { recursive: true });
      await run("apt-get", ["download", "-qq", ...items], targetDir);
    },
  };
}

async function writeConfiguration(options: AptRootOptions): Promise<string> {
  const { dir, arch } = options;
  for (const folder of ["lists/partial", "cache/archives/partial", "etc/preferences.d"]) {
    await mkdir(join(dir, folder), { recursive: true });
  }
  await writeFile(join(dir, "status"), "");
  await writeFile(join(dir, "etc/sources.list"), await sourcesList(options));
  const configPath = join(dir, "apt.conf");
  await writeFile(configPath, [...configurationLines(dir, arch), ...(await hostProxyLines())].join("\n"));
  return configPath;
}

function configurationLines(dir: string, arch: Arch): string[] {
  return [
    `Dir "${dir}/";`,
    `Dir::State "${dir}";`,
    `Dir::State::status "${dir}/status";`,
    `Dir::State::lists "${dir}/lists";`,
    `Dir::Cache "${dir}/cache";`,
    `Dir::Etc "${dir}/etc";`,
    `APT::Architecture "${arch}";`,
    `APT::Architectures { "${arch}"; };`,
    'APT::Install-Recommends "false";',
    'APT::Sandbox::User "";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    // Lists of the trial's mirror are a few MB; translations and AppStream data are of no use here.
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";',
    "",
  ];
}

async function sourcesList(options: AptRootOptions): Promise<string> {
  const { suite } = options;
  const signedBy = await archiveKeyring(suite);
  const mirror = options.mirror ?? defaultMirror;
  const security = options.securityMirror ?? defaultSecurityMirror;
  const source = (base: string, name: string) => `deb [signed-by=${signedBy}] ${base} ${name} main\n`;
  return source(mirror, suite) + source(mirror, `${suite}-updates`) + source(security, `${suite}-security`);
}

/** A host behind a proxy has said so to its own apt; the private one must follow. */
async function hostProxyLines(): Promise<string[]> {
  const dump = await runCommand("apt-config", ["dump", "Acquire"]).catch(() => "");
  return dump.split("\n").filter((line) => /^Acquire::https?::[Pp]roxy/.test(line));
}

function explainUpdateFailure(cause: unknown, suite: string): ImageBuildError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const advice = /NO_PUBKEY|not signed|signature/i.test(message)
    ? `This host's Debian archive keyring does not hold the keys of ${suite}: install a newer debian-archive-keyring package.`
    : "Check the connection to deb.debian.org, then try again.";
  return new ImageBuildError(`The package lists of ${suite} could not be fetched. ${advice}\n${message}`, { cause });
}

/** Bytes that have arrived in a download folder so far, finished or not. */
export async function downloadedBytes(dir: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(dir).catch(() => [])) {
    total += await stat(join(dir, name)).then(
      (entry) => entry.size,
      () => 0,
    );
  }
  return total;
}
