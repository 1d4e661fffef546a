import { mkdir, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Arch, architectures, hostArch, isArch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";
import { makeHelperImage } from "./helper-image.ts";
import { runCommand } from "./run-command.ts";

const usage = `Usage: npm run helper:image -- [--out DIR] [--tree DIR --version V --arch ${architectures.join("|")}]`;

/** Where the engine looks for it, and the packaging too: by Node's name of the architecture. */
const nodeArchs: Record<Arch, string> = { amd64: "x64", arm64: "arm64" };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      tree: { type: "string", default: "/" },
      version: { type: "string" },
      arch: { type: "string" },
    },
  });
  const arch = chosenArch(values.arch);
  const version = values.version ?? (await installedVersion());
  const image = await makeHelperImage(values.tree, join(import.meta.dirname, "guest"), { arch, version });
  const outDir = resolve(values.out ?? join("out/resources", nodeArchs[arch], "helper"));
  await mkdir(outDir, { recursive: true });
  await replace(join(outDir, `${arch}.tar`), image.tar);
  await replace(join(outDir, `${arch}.json`), JSON.stringify({ name: image.name, id: image.id }));
  console.log(`${image.name} is in ${outDir}`);
}

function chosenArch(asked: string | undefined): Arch {
  const arch = asked ?? hostArch();
  if (arch === undefined || !isArch(arch)) throw new ImageBuildError(`There is no helper image for this. ${usage}`);
  return arch;
}

/** Of the package on this machine; the static one alone runs in an empty image. */
async function installedVersion(): Promise<string> {
  try {
    return (await runCommand("dpkg-query", ["-W", "-f", `\${Version}`, "busybox-static"])).trim();
  } catch {
    throw new ImageBuildError(
      `busybox-static is not installed. On Debian or Ubuntu: sudo apt-get install busybox-static. ${usage}`,
    );
  }
}

/** A build that is cut short must not leave half an image under its name. */
async function replace(path: string, content: string | Buffer): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ImageBuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
