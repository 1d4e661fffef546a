import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { LiveMachine, MachineContext } from "./context.ts";
import { listImages } from "./image-store.ts";

const manifestPart = z.object({ helperImage: z.object({ name: z.string(), file: z.string() }).optional() });

/** Loads the small helper image that came with the guest image, where the guest does not have it yet. */
export async function loadHelperImage({ paths }: MachineContext, live: LiveMachine): Promise<void> {
  const image = (await listImages(paths.images)).find(({ id }) => id === live.runtime.imageId);
  if (!image) return;
  const text = await readFile(join(image.folder, "manifest.json"), "utf8");
  const { helperImage } = manifestPart.parse(JSON.parse(text));
  if (!helperImage) return;
  const known = await live.docker.getJson(`/images/${helperImage.name}/json`).then(
    () => true,
    () => false,
  );
  if (!known) await live.docker.upload("/images/load?quiet=1", createReadStream(join(image.folder, helperImage.file)));
}
