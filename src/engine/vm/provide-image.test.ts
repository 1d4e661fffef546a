import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { constants, createZstdCompress } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { packTar } from "./guest/tar.ts";
import { listImages, verifyImage } from "./image-store.ts";
import { imageProvider } from "./provide-image.ts";

const never = new AbortController().signal;
const archiveName = "longshore-vm-amd64.tar.zst";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "provide-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function archive(content: Buffer): Promise<Buffer> {
  const names = ["vmlinux", "initrd.cpio", "root.erofs"];
  const sha256 = createHash("sha256").update(content).digest("hex");
  const files = names.map((name) => ({ name, sizeBytes: content.length, sha256 }));
  const manifest = { imageId: "shipped-image-0001", arch: "amd64", kernelCommandLine: "", files };
  const parts = names.map((name) => ({ name, content, mode: 0o644 }));
  const tar = packTar([
    { name: "manifest.json", content: Buffer.from(JSON.stringify(manifest)), mode: 0o644 },
    ...parts,
  ]);
  // The window of the real archive; it stays so wide only where the length of the input is not known.
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 29 } });
  compress.write(tar);
  setImmediate(() => compress.end());
  return buffer(compress);
}

it("unpacks the archive of a package into an image that verifies", async () => {
  const images = join(folder, "images");
  const resources = join(folder, "resources");
  await mkdir(resources);
  await writeFile(join(resources, archiveName), await archive(Buffer.alloc(300_000, "content ")));
  const provider = imageProvider({ arch: "amd64", resources: [join(folder, "nowhere"), resources] });
  await provider.provide(images, () => undefined, never);
  const [image] = await listImages(images);
  expect(image?.id).toBe("shipped-image-0001");
  if (image) await verifyImage(image);
  expect(await readdir(images)).toEqual(["shipped-image-00"]);
});

it("leaves nothing behind of an archive that is cut off", async () => {
  const whole = await archive(Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 251)));
  await writeFile(join(folder, archiveName), whole.subarray(0, whole.length / 2));
  const images = join(folder, "images");
  const provider = imageProvider({ arch: "amd64", resources: [folder] });
  await expect(provider.provide(images, () => undefined, never)).rejects.toThrow();
  expect(await readdir(images)).toEqual([]);
});

it("says what is missing where nothing brings an image", async () => {
  const provider = imageProvider({ arch: "amd64", resources: [folder] });
  await expect(provider.provide(join(folder, "images"), () => undefined, never)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining(archiveName),
  });
});
