import { createHash, randomBytes } from "node:crypto";
import { AppError } from "#contract/errors.ts";
import { putArchive } from "../docker/archive.ts";
import type { Helper } from "../docker/helper.ts";
import { quote, sh } from "../docker/shell.ts";
import { encodeHeader, encodePadding, endOfArchive, plainFile } from "../tar/write.ts";
import { encodePath, inHelper, joinPath, splitPath, volumeMount } from "./file-path.ts";
import { enter, requireDone } from "./list-files.ts";
import type { VolumeSpace } from "./space.ts";

const removeDeadlineMs = 30 * 60_000;

interface Place {
  readonly volume: string;
  readonly path: string;
}

/** A name as an argument of a program: never taken for an option. */
function own(name: string): Buffer {
  return quote(Buffer.concat([Buffer.from("./"), encodePath(name)]));
}

function within(folder: string, ...script: readonly (Buffer | string)[]): Buffer {
  const parts = script.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  return Buffer.concat([Buffer.from("( "), enter(folder), ...parts, Buffer.from(" )")]);
}

/** The start of an ordinary file, with its whole size and the digest of what was read. */
export async function readFileStart(
  space: VolumeSpace,
  { volume, path, maxBytes }: Place & { maxBytes: number },
  signal: AbortSignal,
): Promise<{ bytes: Buffer; sizeBytes: number; digest: string }> {
  const { folder, name } = splitPath(path);
  const file = own(name);
  const script = within(
    folder,
    "[ -e ",
    file,
    " ] || [ -L ",
    file,
    " ] || exit 70; ",
    "[ -f ",
    file,
    " ] && [ ! -L ",
    file,
    " ] || exit 73; exec 3< ",
    file,
    // What was opened is asked, not the name: somebody may have put a link in its place meanwhile.
    ` || exit 70; case "$(readlink /proc/self/fd/3)" in ${volumeMount}/*) ;; *) exit 71;; esac; `,
    `stat -L -c %s /proc/self/fd/3 && head -c ${maxBytes} <&3`,
  );
  const answer = await space.warm.use(volume, (helper) => helper.run(script, { signal }));
  requireDone(answer, path);
  const line = answer.stdout.indexOf(0x0a);
  const bytes = answer.stdout.subarray(line + 1);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { bytes, sizeBytes: Number(answer.stdout.toString("latin1", 0, line)), digest };
}

/** Mode and owner for a new file: those of the file it replaces, else of its folder. */
interface Look {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What a new file shall look like; also requires that the folder is in the volume. */
export async function lookOf(helper: Helper, path: string): Promise<Look> {
  const { folder, name } = splitPath(path);
  const file = own(name);
  const script = within(
    folder,
    "if [ -f ",
    file,
    " ] && [ ! -L ",
    file,
    " ]; then stat -c '%a %u %g' ",
    file,
    "; else stat -c '644 %u %g' .; fi",
  );
  const answer = await helper.run(script);
  requireDone(answer, folder);
  const [mode = "644", uid = "0", gid = "0"] = answer.stdout.toString("latin1").trim().split(" ");
  return { mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) };
}

/** A name that nobody else gives to a file; seen only where Longshore is cut off in the middle of an upload. */
export function temporaryName(): string {
  return `.longshore-upload-${randomBytes(6).toString("hex")}`;
}

/** Sends one file into a folder under a name, with a look. */
export async function sendFile(
  helper: Helper,
  file: { folder: string; name: string; sizeBytes: number; look: Look; signal?: AbortSignal | undefined },
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const { folder, name, sizeBytes, look, signal } = file;
  const entry = { ...plainFile(encodePath(name), sizeBytes), ...look };
  async function* archive(): AsyncGenerator<Buffer> {
    yield encodeHeader(entry);
    yield* content;
    yield Buffer.concat([encodePadding(entry), endOfArchive]);
  }
  const about = { verb: "write a file to", kind: "volume" } as const;
  await putArchive({ helper, path: inHelper(folder), about, signal }, archive());
}

async function* once(bytes: Uint8Array): AsyncGenerator<Buffer> {
  yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Script part: puts a finished temporary file in place of `name`, which must not be a folder. */
export function settleScript(temporary: string, name: string): Buffer[] {
  const file = own(name);
  return [
    Buffer.from("[ ! -d "),
    file,
    Buffer.from(" ] || [ -L "),
    file,
    Buffer.from(" ] || exit 74; mv -f "),
    own(temporary),
    Buffer.from(" "),
    file,
  ];
}

/** Replaces a file's content at once. Errors: conflict where it is not what `expected` says. */
export async function writeWholeFile(
  space: VolumeSpace,
  { volume, path, bytes, expected }: Place & { bytes: Uint8Array; expected?: string | undefined },
  signal: AbortSignal,
): Promise<{ digest: string }> {
  space.facts.requireChangeable(volume);
  const { folder, name } = splitPath(path);
  const temporary = temporaryName();
  return space.warm.use(volume, async (helper) => {
    const look = await lookOf(helper, path);
    await sendFile(helper, { folder, name: temporary, sizeBytes: bytes.length, look, signal }, once(bytes));
    // Compared and renamed in one script, right before the rename.
    const file = own(name);
    const check =
      expected === undefined
        ? []
        : [
            '[ "$(sha256sum < ',
            file,
            ` 2>/dev/null | cut -c1-64)" = ${expected.replace(/[^0-9a-f]/g, "")} ] || { rm -f `,
            own(temporary),
            "; exit 75; }; ",
          ];
    const answer = await helper.run(within(folder, ...check, ...settleScript(temporary, name)));
    if (answer.status === 75) {
      const message = `${path} was changed by somebody else since you opened it. Nothing was saved.`;
      throw new AppError("conflict", message, { data: { reason: "changed" } });
    }
    requireDone(answer, path);
    return { digest: createHash("sha256").update(bytes).digest("hex") };
  });
}

/** Makes a folder and those above it, owned as the folder that holds them. Errors: conflict where it is there. */
export async function makeFolder(space: VolumeSpace, { volume, path }: Place, signal: AbortSignal): Promise<void> {
  space.facts.requireChangeable(volume);
  await space.warm.use(volume, async (helper) => {
    const parts = path.split("/");
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const name = own(parts[depth - 1] ?? "");
      const taken = depth === parts.length ? "exit 74" : "exit 0";
      const make = within(
        parts.slice(0, depth - 1).join("/"),
        "if [ -e ",
        name,
        " ] || [ -L ",
        name,
        ` ]; then ${taken}; fi; mkdir `,
        name,
        " && chown $(stat -c %u:%g .) ",
        name,
      );
      requireDone(await helper.run(make, { signal }), path);
    }
  });
}

/** Errors: conflict where the new name is taken. */
export async function renameFile(
  space: VolumeSpace,
  { volume, path, newName }: Place & { newName: string },
  signal: AbortSignal,
): Promise<void> {
  space.facts.requireChangeable(volume);
  const { folder, name } = splitPath(path);
  const [from, to] = [own(name), own(newName)];
  const script = within(
    folder,
    "[ -e ",
    from,
    " ] || [ -L ",
    from,
    " ] || exit 70; ",
    "if [ -e ",
    to,
    " ] || [ -L ",
    to,
    " ]; then exit 74; fi; mv ",
    from,
    " ",
    to,
  );
  const answer = await space.warm.use(volume, (helper) => helper.run(script, { signal }));
  requireDone(answer, answer.status === 74 ? joinPath(folder, newName) : path);
}

/** Deletes files, and folders with all that is in them; links are deleted, never followed. */
export async function removeFiles(
  space: VolumeSpace,
  { volume, paths }: { volume: string; paths: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  space.facts.requireChangeable(volume);
  if (paths.includes(""))
    throw new AppError("bad_request", "The volume itself is emptied, not deleted, from its menu.");
  await space.warm.use(volume, async (helper) => {
    for (const path of paths) {
      const { folder, name } = splitPath(path);
      const script = within(folder, "rm -rf ", own(name));
      requireDone(await helper.run(script, { signal, deadlineMs: removeDeadlineMs }), path);
    }
  });
}

/** Names of `names` that a folder has. */
export async function takenNames(
  space: VolumeSpace,
  { volume, folder, names }: { volume: string; folder: string; names: readonly string[] },
): Promise<string[]> {
  return space.warm.use(volume, async (helper) => {
    const tests = names.flatMap((name) => [
      "if [ -e ",
      own(name),
      " ] || [ -L ",
      own(name),
      " ]; then echo 1; else echo 0; fi; ",
    ]);
    const answer = await helper.run(within(folder, ...tests, sh`true`));
    requireDone(answer, folder);
    const lines = answer.stdout.toString("latin1").split("\n");
    return names.filter((_name, index) => lines[index] === "1");
  });
}

/** `notes.txt` → `notes (2).txt`. */
export function numberedName(name: string, count: number): string {
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return `${stem} (${count})${extension}`;
}
