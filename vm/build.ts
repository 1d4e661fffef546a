import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Arch, architectures, hostArch, isArch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";
import { buildImage } from "./build-image.ts";
import type { Tell } from "./build-progress.ts";
import { defaultCacheDir } from "./cache-dir.ts";

const usage = `Usage: npm run vm:image -- [--arch ${architectures.join("|")}] [--out DIR] [--cache DIR] [--shipping] [--update-lock] [--json]`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      arch: { type: "string" },
      out: { type: "string" },
      cache: { type: "string" },
      shipping: { type: "boolean", default: false },
      "update-lock": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(usage);
  const arch = chosenArch(values.arch);
  const outDir = resolve(values.out ?? join("out/vm", arch));
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  const manifest = await buildImage({
    arch,
    outDir,
    cacheDir: resolve(values.cache ?? defaultCacheDir()),
    shipping: values.shipping,
    updateLock: values["update-lock"],
    onProgress: values.json ? (progress) => console.log(JSON.stringify(progress)) : printProgress(),
    signal: stop.signal,
  });
  for (const { locked, taken } of manifest.substitutions) {
    console.warn(`The archive no longer has ${locked.name} ${locked.version}; took ${taken.name} ${taken.version}.`);
  }
  console.log(
    values.json
      ? JSON.stringify({ outDir, imageId: manifest.imageId })
      : `Image ${manifest.imageId.slice(0, 12)} is in ${outDir}`,
  );
}

function chosenArch(asked: string | undefined): Arch {
  const arch = asked ?? hostArch();
  if (arch === undefined || !isArch(arch))
    throw new ImageBuildError(`No guest image exists for ${asked ?? process.arch}. ${usage}`);
  return arch;
}

/** One line a step and, within a step, one line for each tenth: a log stays readable. */
function printProgress(): Tell {
  let last = "";
  return ({ step, text, done, total }) => {
    const tenth = total ? Math.floor(((done ?? 0) / total) * 10) : 0;
    const mark = `${step} ${tenth}`;
    if (mark !== last) console.log(text);
    last = mark;
  };
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ImageBuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
