import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";
import { AppError } from "#contract/errors.ts";
import { type ImageSource, readImage } from "./image-store.ts";
import { openZstd } from "./open-zstd.ts";

export interface ImageProviderOptions {
  readonly arch: "amd64" | "arm64";
  /** Folders that may hold `longshore-vm-ARCH.tar.zst`: the package's resources. */
  readonly resources: readonly string[];
  /** Release address of the archive and its sha256, where the settings name one. */
  readonly release?: { readonly url: string; readonly sha256: string };
  /** Builds an image into a folder; only on hosts that can. */
  readonly build?: (folder: string, report: (text: string) => void, signal: AbortSignal) => Promise<void>;
}

/** Names in a shipped archive: plain files, no folders, so that nothing can be written elsewhere. */
const plainName = /^[\w][\w.-]{0,100}$/;

/** An image from the package's resources, else from the release address, else built here. */
export function imageProvider(options: ImageProviderOptions): ImageSource {
  return {
    provide: async (folder, report, signal) => {
      await mkdir(folder, { recursive: true });
      const work = await mkdtemp(join(folder, ".new-"));
      try {
        await obtain(options, { work, report, signal });
        const image = await readImage(work);
        if (!image) throw new AppError("internal", "What was fetched or built is no guest image.");
        await rename(work, join(folder, image.id.slice(0, 16))).catch((cause: unknown) => {
          throw new AppError("conflict", `The image ${image.id} is there already, but damaged. Remove it first.`, {
            cause,
          });
        });
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}

interface Job {
  readonly work: string;
  readonly report: (text: string) => void;
  readonly signal: AbortSignal;
}

async function obtain(options: ImageProviderOptions, job: Job): Promise<void> {
  const name = `longshore-vm-${options.arch}.tar.zst`;
  for (const resource of options.resources) {
    if (!(await readdir(resource).catch((): string[] => [])).includes(name)) continue;
    job.report("unpacking the image of the package");
    return unpack(createReadStream(join(resource, name)), job);
  }
  if (options.release) return download(options.release, job);
  if (options.build) return options.build(job.work, job.report, job.signal);
  throw new AppError(
    "not_found",
    `There is no guest image: the package brought none (${name}), and no release address is set. On Debian or Ubuntu, "npm run vm:image" builds one.`,
  );
}

async function download({ url, sha256 }: { url: string; sha256: string }, job: Job): Promise<void> {
  if (new URL(url).protocol !== "https:") throw new AppError("bad_request", `${url} is not an https address.`);
  const answer = await fetch(url, { signal: job.signal }).catch((cause: unknown) => {
    throw new AppError("unavailable", `${url} cannot be reached.`, { cause });
  });
  if (!answer.ok || !answer.body) throw new AppError("unavailable", `${url} answered ${answer.status}.`);
  const archive = join(job.work, `${randomUUID()}.part`);
  const totalBytes = Number(answer.headers.get("content-length") ?? 0);
  const hash = createHash("sha256");
  let seenBytes = 0;
  async function* measured(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      hash.update(chunk);
      seenBytes += chunk.length;
      if (totalBytes > 0) job.report(`fetched ${Math.floor((100 * seenBytes) / totalBytes)} %`);
      yield chunk;
    }
  }
  await pipeline(measured(answer.body), createWriteStream(archive, { mode: 0o600 }), { signal: job.signal });
  const found = hash.digest("hex");
  if (found !== sha256.toLowerCase()) {
    throw new AppError("internal", `The image of ${url} has the wrong checksum (${found}); it was thrown away.`);
  }
  await unpack(createReadStream(archive), job);
  await rm(archive);
}

/** Unpacks an archive of plain files. Each file's checksum is compared with the manifest before the first start. */
async function unpack(archive: Readable, { work, signal }: Job): Promise<void> {
  const extract = tar.extract();
  const reading = pipeline(archive, openZstd(), extract, { signal });
  reading.catch(() => undefined);
  for await (const entry of extract) {
    const name = entry.header.name.replace(/^\.\//, "");
    if (entry.header.type !== "file" || !plainName.test(name)) {
      entry.resume();
      continue;
    }
    await pipeline(Readable.from(entry), createWriteStream(join(work, name), { flags: "wx", mode: 0o600 }), { signal });
  }
  await reading;
}
