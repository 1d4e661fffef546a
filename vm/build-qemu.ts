import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Arch, hostArch, isArch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";
import { defaultCacheDir } from "./cache-dir.ts";
import { buildQemuBundle } from "./qemu-bundle.ts";

const usage = "Usage: npm run vm:qemu -- [--out DIR] [--cache DIR] [--target amd64|arm64] [--update-lock]";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      cache: { type: "string" },
      target: { type: "string" },
      "update-lock": { type: "boolean", default: false },
    },
  });
  const arch = hostArch();
  if (!arch) throw new ImageBuildError(`No QEMU bundle exists for ${process.arch}.`);
  const bundle = await buildQemuBundle({
    arch,
    target: chosenTarget(values.target, arch),
    outDir: resolve(values.out ?? "out/vm/qemu"),
    cacheDir: resolve(values.cache ?? defaultCacheDir()),
    updateLock: values["update-lock"],
  });
  for (const { locked, taken } of bundle.substitutions) {
    console.warn(`The archive no longer has ${locked.name} ${locked.version}; took ${taken.name} ${taken.version}.`);
  }
  console.log(`QEMU ${bundle.version}: ${bundle.program}`);
}

function chosenTarget(asked: string | undefined, arch: Arch): Arch {
  if (asked === undefined) return arch;
  if (!isArch(asked)) throw new ImageBuildError(`There is no guest architecture ${asked}. ${usage}`);
  return asked;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ImageBuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
