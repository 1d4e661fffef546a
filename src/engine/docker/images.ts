import { z } from "zod";
import type { ImageSummary } from "#contract";
import { getList } from "./listing.ts";
import type { ListSource } from "./live-list.ts";

/** Podman gives no list where there is none; Docker 20.10 gives these in their place. */
const noTag = "<none>:<none>";
const noDigest = "<none>@<none>";

const rawImage = z.object({
  Id: z.string().min(1),
  RepoTags: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Created: z.number(),
  Size: z.number().default(0),
  Labels: z.record(z.string(), z.string()).nullish(),
});

/** One item of `GET /images/json`; undefined where it is not as the Engine API describes it. */
export function readImageSummary(item: unknown): ImageSummary | undefined {
  const parsed = rawImage.safeParse(item);
  if (!parsed.success) return undefined;
  const {
    Id: id,
    RepoTags: tags,
    RepoDigests: digests,
    Created: created,
    Size: sizeBytes,
    Labels: labels,
  } = parsed.data;
  return {
    id,
    tags: (tags ?? []).filter((tag) => tag !== noTag),
    digests: (digests ?? []).filter((digest) => digest !== noDigest),
    createdAt: created * 1000,
    sizeBytes,
    labels: labels ?? {},
  };
}

/** The live list (`GET /images/json`). An event names an image by id or by tag, so each one lists anew. */
export const imageList: ListSource<ImageSummary> = {
  eventTypes: ["image"],
  idOf: ({ id }) => id,
  touchedBy: () => "all",
  list: (session, signal) =>
    getList(
      session.http,
      { about: { verb: "list the images of", kind: "engine" }, path: "/images/json", signal },
      readImageSummary,
    ),
};
