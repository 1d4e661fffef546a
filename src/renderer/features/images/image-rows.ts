import type { ContainerSummary, ImageSummary } from "#contract";
import { shortId } from "../../lib/format.ts";
import type { Target } from "./image-actions.ts";

/** One line of the list: an image has one for each of its references, or one without. */
export interface ImageRow {
  readonly key: string;
  readonly image: ImageSummary;
  readonly repository: string | undefined;
  readonly tag: string | undefined;
  /** Names of the containers made from it. */
  readonly usedBy: readonly string[];
}

export const imageFilters = ["all", "used", "unused", "dangling"] as const;
export type ImageFilter = (typeof imageFilters)[number];

/** Repository and tag of a reference; a port in the registry's name is no tag. */
function splitReference(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(":");
  if (colon < 0 || reference.includes("/", colon)) return { repository: reference, tag: "" };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

const nobody: readonly string[] = [];

export function imageRows(
  images: readonly ImageSummary[],
  containers: readonly ContainerSummary[],
): readonly ImageRow[] {
  const users = new Map<string, string[]>();
  for (const { imageId, name } of containers) {
    const names = users.get(imageId);
    if (names) names.push(name);
    else users.set(imageId, [name]);
  }
  return images.flatMap((image): ImageRow[] => {
    const usedBy = users.get(image.id) ?? nobody;
    if (image.tags.length === 0) return [{ key: image.id, image, repository: undefined, tag: undefined, usedBy }];
    return image.tags.map((reference) => ({
      key: `${image.id} ${reference}`,
      image,
      usedBy,
      ...splitReference(reference),
    }));
  });
}

export function imageName({ image, repository, tag }: ImageRow): string {
  return repository === undefined ? shortId(image.id) : `${repository}:${tag ?? ""}`;
}

export function matchesFilter({ usedBy, repository }: ImageRow, filter: ImageFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "used":
      return usedBy.length > 0;
    case "unused":
      return usedBy.length === 0;
    case "dangling":
      return repository === undefined;
  }
}

export function toTarget(row: ImageRow): Target {
  const name = imageName(row);
  const { id, tags } = row.image;
  return { id, tags, name, reference: row.repository === undefined ? undefined : name };
}
