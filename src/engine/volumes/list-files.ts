import { randomBytes } from "node:crypto";
import type { FileEntry } from "#contract";
import { AppError } from "#contract/errors.ts";
import { type ShellAnswer, sh } from "../docker/shell.ts";
import { decodePath, inHelper } from "./file-path.ts";
import type { VolumeSpace } from "./space.ts";

/** More than a person scrolls through; the count tells of the rest. */
const maxEntries = 50_000;

/** Statuses by which the scripts say what was wrong. */
const notThere = 70;
const outside = 71;
const notFolder = 72;
const isLink = 73;
const isTaken = 74;

/** File type bits of a mode (inode(7)). */
const typeOfBits = new Map<number, FileEntry["type"]>([
  [0o04, "folder"],
  [0o10, "file"],
  [0o12, "link"],
  [0o01, "fifo"],
  [0o14, "socket"],
  [0o02, "device"],
  [0o06, "device"],
]);

/**
 * Start of every script: goes to a folder, and refuses where a link on the way leads out of the volume. Scripts run in
 * a subshell, so that the shell's own folder stays.
 */
export function enter(folder: string): Buffer {
  return sh`[ -e ${inHelper(folder)} ] || exit 70; cd -P ${inHelper(folder)} 2>/dev/null || exit 72; case "$PWD/" in /data/*) ;; *) exit 71;; esac; `;
}

/** Whether a script did what it should; what else it says becomes an error about `path`. */
export function requireDone({ status, stderr }: ShellAnswer, path: string): void {
  const name = path === "" ? "The volume" : path;
  switch (status) {
    case 0:
      return;
    case notThere:
      throw new AppError("not_found", `${name} is not there any more.`);
    case outside:
      throw new AppError("bad_request", `${name} leads out of the volume, so it is not followed.`);
    case notFolder:
      throw new AppError("bad_request", `${name} is not a folder.`);
    case isLink:
      throw new AppError("bad_request", `${name} is not an ordinary file.`);
    case isTaken:
      throw new AppError("conflict", `${name} is there already. Choose another name.`, { data: { reason: "taken" } });
    default:
      if (/Read-only file system/.test(stderr)) {
        throw new AppError("conflict", `${name} was not changed: the volume can only be read here.`);
      }
      if (/No space left/.test(stderr)) {
        throw new AppError(
          "unavailable",
          `${name} was not changed: the engine's disk is full. Free some space and try again.`,
        );
      }
      throw new AppError(
        "unavailable",
        `${name} could not be handled: ${stderr.split("\n")[0] || `status ${status}`}.`,
      );
  }
}

/** Bytes stand as latin1 characters here: strings of one byte a character are sliced far quicker than buffers. */
type Latin1 = string;

/** Most names are plain, and need no decoding. */
function nameOf(bytes: Latin1): string {
  return /^[\x20-\x7e]*$/.test(bytes) ? bytes : decodePath(Buffer.from(bytes, "latin1"));
}

/** `mode size uid gid time`, and what `%N` prints of the name; the line break is stat's. */
const recordPattern = /^([0-9a-f]+) (\d+) (\d+) (\d+) (-?\d+) ('?)\.\/(.*)\n$/s;

function toEntry(record: Latin1): FileEntry | undefined {
  const [, mode = "", size, uid, gid, time, quote = "", names = ""] = recordPattern.exec(record) ?? [];
  if (mode === "") return undefined;
  const modeBits = Number.parseInt(mode, 16);
  const sizeBytes = Number(size);
  const type = typeOfBits.get(modeBits >> 12) ?? "device";
  const facts = { type, sizeBytes, mode: modeBits & 0o7777, uid: Number(uid), gid: Number(gid) };
  const modifiedAt = Number(time) * 1000;
  if (quote === "") return { name: nameOf(names), ...facts, modifiedAt };
  const { name, target } = splitLink(names.slice(0, -1), sizeBytes);
  return { name: nameOf(name), ...facts, modifiedAt, target: nameOf(target) };
}

/** `name' -> 'target` of a link. Where either holds such an arrow itself, the link's size tells: it is the target's. */
function splitLink(names: Latin1, targetBytes: number): { name: Latin1; target: Latin1 } {
  const arrow = "' -> '";
  const fitting = names.length - targetBytes - arrow.length;
  const at = names.startsWith(arrow, fitting) ? fitting : names.indexOf(arrow);
  return { name: names.slice(0, at), target: names.slice(at + arrow.length) };
}

/** Entries of what the script printed, each introduced by a mark that no name can hold by chance. */
export function parseListing(output: Buffer, mark: string): { entries: FileEntry[]; total: number } {
  const records = output.toString("latin1").split(`${mark} `).slice(1);
  const listed = records.filter((record) => !record.endsWith(" ./.\n") && !record.endsWith(" ./..\n"));
  const entries: FileEntry[] = [];
  for (const record of listed.slice(0, maxEntries)) {
    const entry = toEntry(record);
    if (entry) entries.push(entry);
  }
  return { entries, total: listed.length };
}

/**
 * The script that lists the present folder. The shell finds the names, which takes half the time of a `find`; each of
 * its patterns costs a pass over the folder, so the second one brings `.` and `..` along. A pattern that nothing matches
 * makes stat complain, and fail, beside what it prints.
 */
export function listScript(mark: string): Buffer {
  return Buffer.from(`stat -c '${mark} %f %s %u %g %Y %N' ./* ./.*`);
}

/** One folder of a volume. Errors: not_found; bad_request where it is none, or leads out of the volume. */
export async function listFiles(
  space: VolumeSpace,
  { volume, path }: { volume: string; path: string },
  signal: AbortSignal,
): Promise<{ entries: FileEntry[]; total: number }> {
  return space.warm.use(volume, async (helper) => {
    const mark = randomBytes(8).toString("hex");
    const script = Buffer.concat([Buffer.from("( "), enter(path), listScript(mark), Buffer.from(" )")]);
    const answer = await helper.run(script, { signal });
    // A file that vanished meanwhile makes stat complain; the others are listed all the same.
    if (answer.status !== 0 && answer.stdout.length === 0) requireDone(answer, path);
    return parseListing(answer.stdout, mark);
  });
}
