import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { Blocks } from "./blocks.ts";
import type { About } from "./errors.ts";
import type { Helper } from "./helper.ts";

/** As long as a timer can be: a terabyte takes its time, and the user can cancel. */
const noDeadlineMs = 2 ** 31 - 1;

export interface ArchivePlace {
  readonly helper: Helper;
  /** Path in the helper's container. */
  readonly path: Buffer;
  readonly about: About;
  readonly signal?: AbortSignal | undefined;
}

/** Each byte by itself: a path may hold bytes that are no UTF-8. */
function archivePath({ helper, path }: ArchivePlace): string {
  const encoded = [...path].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return `/containers/${helper.id}/archive?path=${encoded}`;
}

/** A file or a tree as tar (`GET /containers/{id}/archive`). Errors: not_found. */
export function getArchive(place: ArchivePlace): Promise<IncomingMessage> {
  const { helper, about, signal } = place;
  return helper.session.http.open({ about, path: archivePath(place), signal });
}

/** As `getArchive`, far quicker, for whoever is done with each block before asking for the next. */
export function getArchiveBlocks(place: ArchivePlace & { readonly signal: AbortSignal }): Promise<Blocks> {
  const { helper, about, signal } = place;
  return helper.session.http.blocks({ about, path: archivePath(place), signal });
}

/** Unpacks a tar into a folder (`PUT /containers/{id}/archive`). Errors: as of `content`; unavailable (disk full). */
export async function putArchive(place: ArchivePlace, content: AsyncIterable<Buffer>): Promise<void> {
  const { helper, about, signal } = place;
  // Object mode would count chunks, not bytes, against the high-water mark.
  const body = Readable.from(content, { objectMode: false, highWaterMark: 1024 * 1024 });
  await helper.session.http.send({
    about,
    method: "PUT",
    path: `${archivePath(place)}&noOverwriteDirNonDir=true`,
    upload: { stream: body, contentType: "application/x-tar" },
    deadlineMs: noDeadlineMs,
    signal,
  });
}
