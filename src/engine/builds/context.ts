import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { AppError } from "#contract/errors.ts";
import { absolutePath, toFileError } from "../images/archive-file.ts";
import { readIfThere } from "../settings/file.ts";
import { IgnoreRules } from "./ignore.ts";

/** A context of more files is a mistake: a home folder, a whole disk. */
const maxFiles = 500_000;

interface ContextFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  readonly sizeBytes: number;
  readonly mode: number;
  readonly mtime: Date;
}

/** What a build would send. */
export interface BuildContext {
  readonly folder: string;
  /** Relative to the folder, with slashes. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  readonly files: readonly ContextFile[];
  readonly sizeBytes: number;
  readonly ignored: number;
  readonly ignoreFile: string | undefined;
}

/** Errors: bad_request where it lies outside of the folder. */
function withinFolder(folder: string, dockerfile: string): string {
  const whole = isAbsolute(dockerfile) ? normalize(dockerfile) : join(folder, dockerfile);
  const path = relative(folder, whole);
  if (path === "" || path.startsWith("..") || isAbsolute(path)) {
    throw new AppError(
      "bad_request",
      `${dockerfile} lies outside of ${folder}. Choose a Dockerfile within the folder.`,
    );
  }
  return path.split(sep).join("/");
}

/** A Dockerfile may have an ignore file of its own, which then goes before the folder's. */
async function readIgnore(folder: string, dockerfile: string): Promise<{ name: string; text: string } | undefined> {
  for (const name of [`${dockerfile}.dockerignore`, ".dockerignore"]) {
    const text = await readIfThere(join(folder, name)).catch(() => undefined);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

class Walk {
  readonly files: ContextFile[] = [];
  ignored = 0;
  readonly #folder: string;
  readonly #rules: IgnoreRules;
  readonly #always: ReadonlySet<string>;

  constructor(folder: string, rules: IgnoreRules, always: readonly string[]) {
    this.#folder = folder;
    this.#rules = rules;
    this.#always = new Set(always);
  }

  async visit(below: string): Promise<void> {
    const names = await readdir(join(this.#folder, below));
    for (const name of names.sort()) await this.#take(below === "" ? name : `${below}/${name}`);
  }

  async #take(path: string): Promise<void> {
    const ignored = this.#rules.ignores(path) && !this.#always.has(path);
    const stats = await lstat(join(this.#folder, path));
    const isFolder = stats.isDirectory();
    // The builder itself needs the Dockerfile, wherever it lies.
    const holdsNeeded = isFolder && [...this.#always].some((needed) => needed.startsWith(`${path}/`));
    if (ignored) this.ignored += 1;
    if (ignored && !(isFolder && (holdsNeeded || this.#rules.mayHoldExceptions(path)))) return;
    const kind = isFolder ? "directory" : stats.isFile() ? "file" : stats.isSymbolicLink() ? "symlink" : undefined;
    // Sockets and devices cannot be sent.
    if (!kind) return;
    const sizeBytes = kind === "file" ? stats.size : 0;
    if (!ignored) this.files.push({ path, kind, sizeBytes, mode: stats.mode & 0o777, mtime: stats.mtime });
    if (this.files.length > maxFiles) {
      throw new AppError(
        "bad_request",
        `${this.#folder} holds more than ${maxFiles} files. Choose a smaller folder, or leave files out with .dockerignore.`,
      );
    }
    if (isFolder) await this.visit(path);
  }
}

/** Reads a folder as a build would. Errors: not_found (folder, Dockerfile), permission, bad_request. */
export async function readContext(askedFolder: string, askedDockerfile: string): Promise<BuildContext> {
  const folder = absolutePath(askedFolder);
  const stats = await lstat(folder).catch((error: unknown) => {
    throw toFileError(error, folder);
  });
  if (!stats.isDirectory() && !stats.isSymbolicLink()) {
    throw new AppError("bad_request", `${folder} is no folder. Choose the folder that holds the Dockerfile.`);
  }
  const dockerfile = withinFolder(folder, askedDockerfile);
  const dockerfileText = await readFile(join(folder, dockerfile), "utf8").catch((error: unknown) => {
    throw toFileError(error, join(folder, dockerfile));
  });
  const ignore = await readIgnore(folder, dockerfile);
  const walk = new Walk(folder, new IgnoreRules(ignore?.text ?? ""), [dockerfile, ...(ignore ? [ignore.name] : [])]);
  await walk.visit("").catch((error: unknown) => {
    throw toFileError(error, folder);
  });
  const { files, ignored } = walk;
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { folder, dockerfile, dockerfileText, files, sizeBytes, ignored, ignoreFile: ignore?.name };
}

/** The context as a tar. A file that changes while it is read breaks the stream, and says which. */
export function packContext({ folder, files }: BuildContext, onBytes: (bytes: number) => void): Readable {
  const tar = pack();
  const fill = async (): Promise<void> => {
    for (const file of files) {
      const { path: name, mode, mtime, kind } = file;
      if (kind === "directory") tar.entry({ name: `${name}/`, type: "directory", mode, mtime });
      else if (kind === "symlink") {
        tar.entry({ name, type: "symlink", linkname: await readlink(join(folder, name)), mtime });
      } else {
        const entry = tar.entry({ name, size: file.sizeBytes, mode, mtime });
        await pipeline(createReadStream(join(folder, name)), entry).catch((cause: unknown) => {
          const message = `${join(folder, name)} could not be sent: it changed or went away meanwhile. Build again.`;
          throw new AppError("conflict", message, { cause });
        });
        onBytes(file.sizeBytes);
      }
    }
    tar.finalize();
  };
  const out = new PassThrough();
  const fail = (error: unknown): void => void out.destroy(error instanceof Error ? error : new Error(String(error)));
  fill().catch(fail);
  tar.on("error", fail);
  out.once("close", () => tar.destroy());
  tar.pipe(out);
  return out;
}
