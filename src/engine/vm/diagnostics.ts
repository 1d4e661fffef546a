import { readFile, stat, writeFile } from "node:fs/promises";
import { arch, cpus, freemem, platform, release, totalmem } from "node:os";
import { basename, join } from "node:path";
import type { LiveMachine, MachineContext } from "./context.ts";
import { packTar, type TarFile } from "./guest/tar.ts";
import { listImages } from "./image-store.ts";
import { listRunLogs } from "./run-logs.ts";

const keptLogBytes = 512 * 1024;
const reportedRuns = 3;

/** Writes one archive with what is needed to understand a failure; no keys, no proxy passwords. Returns its path. */
export async function collectDiagnostics(context: MachineContext, live: LiveMachine | undefined): Promise<string> {
  const files: TarFile[] = [textFile("machine.json", JSON.stringify(await describe(context), undefined, 2))];
  for (const folder of (await listRunLogs(context.paths.logs)).slice(-reportedRuns)) {
    for (const name of ["console.log", "hypervisor.log"]) {
      const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
      if (text !== undefined) files.push(textFile(`${basename(folder).slice(0, 60)}/${name}`, text));
    }
  }
  if (live) files.push(...(await guestLogs(live)));
  const stamp = new Date().toISOString().replaceAll(":", "-");
  const path = join(context.paths.logs, `diagnostics-${stamp}.tar`);
  await writeFile(path, packTar(files), { mode: 0o600, flag: "wx" });
  return path;
}

/** Cut to its end only when it was redacted: of an address that was cut, what is left is not known as one. */
function textFile(name: string, text: string): TarFile {
  return { name, content: Buffer.from(redact(text).slice(-keptLogBytes)), mode: 0o600 };
}

/** Takes user names and passwords out of addresses. Begins at the slashes: a search for the scheme before them would take hours in a long word. */
export function redact(text: string): string {
  return text.replace(/:\/\/[^\s/@"']+@/g, "://***@");
}

async function describe({ record, store, paths, disks, arch: guestArch }: MachineContext) {
  const { diskId } = record.current;
  return {
    host: { platform: platform(), release: release(), arch: arch(), cpus: cpus().length, node: process.version },
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    guestArch,
    state: store.state,
    record: record.current,
    images: (await listImages(paths.images)).map(({ id, folder }) => ({ id, folder })),
    disk: diskId === undefined ? undefined : await disks.use(diskId).catch(() => "missing"),
    socket: await stat(paths.publicSocket).then(
      ({ mode }) => mode.toString(8),
      () => "missing",
    ),
  };
}

async function guestLogs({ commands }: LiveMachine): Promise<TarFile[]> {
  const kinds = ["docker", "containerd", "kernel"] as const;
  const texts = await Promise.all(
    kinds.map((kind) => commands.logs(kind, 2_000).catch((error: unknown) => String(error))),
  );
  return texts.map((text, index) => textFile(`guest/${kinds[index]}.log`, text));
}
