import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Arch } from "./arch.ts";
import { type TarEntry, writeTar } from "./tar.ts";

export interface HelperImage {
  /** Reference under which Docker knows it, e.g. `longshore/helper:1.37.0-6`. */
  name: string;
  /** Id that Docker gives it: the hash of its configuration. */
  id: string;
  /** What `docker load` reads. */
  tar: Buffer;
}

/**
 * The image that the app browses volumes and tests networks with: one static busybox and a link for
 * each of its programs, in the form of `docker save` (Docker Image Specification v1.2).
 */
export async function makeHelperImage(
  tree: string,
  guestFolder: string,
  about: { arch: Arch; version: string },
): Promise<HelperImage> {
  const busybox = await readFile(join(tree, "usr/bin/busybox"));
  const applets = (await readFile(join(guestFolder, "busybox-applets"), "utf8")).split("\n").filter(Boolean);
  const layer = writeTar(layerEntries(busybox, applets));
  const name = `longshore/helper:${tagOf(about.version)}`;
  const config = Buffer.from(JSON.stringify(imageConfig(about.arch, sha256(layer))));
  const id = `sha256:${sha256(config)}`;
  const configName = `${sha256(config)}.json`;
  const manifest = [{ Config: configName, RepoTags: [name], Layers: ["layer.tar"] }];
  const tar = writeTar([
    { path: configName, kind: "file", content: config },
    { path: "layer.tar", kind: "file", content: layer },
    { path: "manifest.json", kind: "file", content: Buffer.from(JSON.stringify(manifest)) },
  ]);
  return { name, id, tar };
}

function layerEntries(busybox: Buffer, applets: readonly string[]): TarEntry[] {
  const folders = ["bin", "dev", "etc", "mnt", "proc", "root", "sys", "tmp"];
  return [
    ...folders.map(
      (path): TarEntry => ({ path: `${path}/`, kind: "directory", mode: path === "tmp" ? 0o1777 : 0o755 }),
    ),
    { path: "bin/busybox", kind: "file", content: busybox, mode: 0o755 },
    ...applets
      .filter((applet) => applet !== "busybox")
      .map((applet): TarEntry => ({ path: `bin/${applet}`, kind: "link", target: "busybox" })),
    {
      path: "etc/passwd",
      kind: "file",
      content: Buffer.from("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
    },
    { path: "etc/group", kind: "file", content: Buffer.from("root:x:0:\nnogroup:x:65534:\n") },
  ];
}

function imageConfig(arch: Arch, layerHash: string) {
  return {
    architecture: arch,
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: {
      Env: ["PATH=/bin"],
      Cmd: ["sh"],
      Labels: { "com.longshore.helper": "true" },
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerHash}`] },
    history: [{ created: "1970-01-01T00:00:00Z", comment: "static busybox" }],
  };
}

/** Debian versions hold characters that image tags may not. */
function tagOf(version: string): string {
  return version
    .replace(/^\d+:/, "")
    .replace(/\+b\d+$/, "")
    .replace(/[^A-Za-z0-9_.-]/g, "-");
}

function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
