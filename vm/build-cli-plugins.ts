import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openAptRoot } from "./apt-root.ts";
import { hostArch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";
import { defaultCacheDir } from "./cache-dir.ts";
import { choosePackages } from "./choose-packages.ts";
import { currentGuestPackages } from "./guest-packages.ts";
import { cachedDebPath, fetchPackages } from "./packages.ts";
import { suite } from "./recipe.ts";
import { runCommand } from "./run-command.ts";

/** The docker CLI's plugins that the guest brings, for a host whose own archive has none: Debian 12 is one. */
const pluginPackages = ["docker-buildx", "docker-compose"];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string" }, cache: { type: "string" } } });
  const arch = hostArch();
  if (!arch) throw new ImageBuildError(`No plugins exist for ${process.arch}.`);
  const outDir = resolve(values.out ?? join("out", "cli-plugins"));
  const cacheDir = resolve(values.cache ?? defaultCacheDir());
  await mkdir(cacheDir, { recursive: true });
  const apt = await openAptRoot({ dir: join(cacheDir, `apt-${arch}`), arch, suite });
  // The guest's own lock: the same versions on both sides, and files that the image's build has fetched already.
  const { packages } = await choosePackages({
    apt,
    arch,
    suite,
    cacheDir,
    lockPath: join(import.meta.dirname, `packages.${arch}.lock.json`),
    updateLock: false,
    current: () => currentGuestPackages(apt, arch),
  });
  const wanted = packages.filter(({ name }) => pluginPackages.includes(name));
  await fetchPackages({ apt, cacheDir, packages: wanted });
  const work = await mkdtemp(join(cacheDir, "plugins-"));
  try {
    for (const item of wanted) await runCommand("dpkg-deb", ["-x", cachedDebPath(cacheDir, item), work]);
    await publish(join(work, "usr", "libexec", "docker", "cli-plugins"), outDir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  console.log(`${wanted.map(({ name, version }) => `${name} ${version}`).join(" and ")} are in ${outDir}`);
}

/** The folder appears whole or not at all. */
async function publish(plugins: string, outDir: string): Promise<void> {
  const fresh = `${outDir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  for (const name of await readdir(plugins)) {
    await copyFile(join(plugins, name), join(fresh, name));
    await chmod(join(fresh, name), 0o755);
  }
  await rm(outDir, { recursive: true, force: true });
  await rename(fresh, outDir);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ImageBuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
