import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError, toAppError } from "#contract/errors.ts";
import { findResource } from "../resources.ts";
import { readItems } from "./listing.ts";
import type { Session } from "./session.ts";

const about = { verb: "load the helper image into", kind: "engine" } as const;
const loadDeadlineMs = 120_000;

/** Docker's names for architectures with those of the files that ship with the app. */
const archNames: Readonly<Record<string, string>> = {
  amd64: "amd64",
  x86_64: "amd64",
  arm64: "arm64",
  aarch64: "arm64",
};

const shipped = z.object({ name: z.string(), id: z.string() });
type Shipped = z.infer<typeof shipped> & { readonly tar: string };

const listed = z.object({ Id: z.string(), Labels: z.record(z.string(), z.string()).nullish() });

async function shippedImage({ facts }: Session): Promise<Shipped | undefined> {
  const arch = archNames[facts.platform.split("/")[1] ?? ""];
  const folder = findResource("helper");
  if (!arch || !folder) return undefined;
  try {
    const about = shipped.parse(JSON.parse(await readFile(join(folder, `${arch}.json`), "utf8")));
    return { ...about, tar: join(folder, `${arch}.tar`) };
  } catch {
    return undefined;
  }
}

async function isThere(session: Session, reference: string): Promise<boolean> {
  const path = `/images/${encodeURIComponent(reference)}/json`;
  try {
    await session.http.json({ about, path }, z.object({ Id: z.string() }));
    return true;
  } catch (error) {
    if (toAppError(error).code === "not_found") return false;
    throw error;
  }
}

/** The one that the virtual machine's own image brings along. */
async function foundImage(session: Session): Promise<string | undefined> {
  const query = { filters: { reference: ["longshore/helper"], label: ["com.longshore.helper=true"] } };
  const answer = await session.http.json({ about, path: "/images/json", query }, z.array(z.unknown()));
  return readItems(answer, (item) => listed.safeParse(item).data).items[0]?.Id;
}

/**
 * Id of the helper image on this engine. It is loaded from the app's own files where it is missing; no registry is
 * asked. Named by id, so that an image somebody else calls `longshore/helper` is never run. Errors: unavailable.
 */
export async function ensureHelperImage(session: Session): Promise<string> {
  const image = await shippedImage(session);
  if (!image) {
    const found = await foundImage(session);
    if (found) return found;
    const why = `Longshore's helper image for ${session.facts.platform} is not on this machine`;
    throw new AppError("unavailable", `${why}. Build it with "npm run helper:image", or install the packaged app.`);
  }
  if (await isThere(session, image.id)) return image.id;
  await session.http.send({
    about,
    method: "POST",
    path: "/images/load",
    query: { quiet: 1 },
    upload: { stream: createReadStream(image.tar), contentType: "application/x-tar" },
    deadlineMs: loadDeadlineMs,
  });
  return image.id;
}

/**
 * Takes the image off an engine that is not our own machine. One that another Longshore uses stays: the engine
 * refuses.
 */
export async function removeHelperImage(session: Session): Promise<void> {
  const image = await shippedImage(session);
  if (!image || session.endpoint.source === "machine") return;
  const path = `/images/${encodeURIComponent(image.id)}`;
  await session.http.send({ about, method: "DELETE", path, query: { force: false } }).catch(() => {});
}
