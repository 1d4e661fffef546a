import type { ImageSummary } from "#contract";

/** One line of the list: an image has one for each of its references, or one without. */
export interface ImageRow {
  readonly key: string;
  readonly image: ImageSummary;
  readonly repository: string | undefined;
  readonly tag: string | undefined;
}

/** Repository and tag of a reference; a port in the registry's name is no tag. */
export function splitReference(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(":");
  if (colon < 0 || reference.includes("/", colon)) return { repository: reference, tag: "" };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

export function imageRows(images: readonly ImageSummary[]): readonly ImageRow[] {
  return images.flatMap((image): ImageRow[] => {
    const tags = image.tags.filter((tag) => tag !== "<none>:<none>");
    if (tags.length === 0) return [{ key: image.id, image, repository: undefined, tag: undefined }];
    return tags.map((reference) => ({ key: `${image.id} ${reference}`, image, ...splitReference(reference) }));
  });
}

export function imageName({ image, repository, tag }: ImageRow): string {
  return repository === undefined ? image.id.replace(/^sha256:/, "").slice(0, 12) : `${repository}:${tag ?? ""}`;
}
