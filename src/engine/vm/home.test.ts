import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configFiles } from "./guest/config-disk.ts";
import { loadMachineKeys } from "./guest/ssh-keys.ts";
import { packTar } from "./guest/tar.ts";
import { listImages, verifyImage } from "./image-store.ts";
import { lockMachine } from "./lock.ts";
import { preparePaths } from "./paths.ts";
import { identify, isAlive, startTimeOfStat } from "./process/identity.ts";
import { openRecord } from "./record.ts";

const run = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "home-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("preparePaths", () => {
  it("keeps everything private in the home", async () => {
    const paths = await preparePaths(join(folder, "ä b,c"), {});
    expect(paths.dockerSocket).toBe(paths.publicSocket);
    for (const place of [paths.home, paths.machine, paths.run]) expect((await stat(place)).mode & 0o777).toBe(0o700);
  });

  it("puts the sockets of a very long home into a short private folder, with a link in the home", async () => {
    const paths = await preparePaths(join(folder, "x".repeat(120)), { XDG_RUNTIME_DIR: folder });
    expect(Buffer.byteLength(paths.dockerSocket)).toBeLessThanOrEqual(103);
    expect(paths.run.startsWith(folder)).toBe(true);
    expect(await readlink(paths.publicSocket)).toBe(paths.dockerSocket);
    expect((await lstat(paths.run)).mode & 0o777).toBe(0o700);
  });

  it("does not use a short folder that is no folder of this user", async () => {
    const home = join(folder, "y".repeat(120));
    const first = await preparePaths(home, { XDG_RUNTIME_DIR: folder });
    await rm(first.run, { recursive: true });
    await writeFile(first.run, "");
    await expect(preparePaths(home, { XDG_RUNTIME_DIR: folder })).rejects.toThrow();
  });
});

describe("lockMachine", () => {
  it("is held by one, and free again however its holder ended", async () => {
    const code = `import { lockMachine } from ${JSON.stringify(resolve("src/engine/vm/lock.ts"))}; await lockMachine(${JSON.stringify(folder)}); console.log("held"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolved) => child.stdout.once("data", resolved));
    await expect(lockMachine(folder)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(String(child.pid)),
    });
    const ended = new Promise((resolved) => child.once("exit", resolved));
    child.kill("SIGKILL");
    await ended;
    const lock = await lockMachine(folder);
    await expect(lockMachine(folder)).rejects.toMatchObject({ code: "conflict" });
    lock.release();
  });
});

describe("openRecord", () => {
  it("keeps what was written, and falls back to the copy where the file is damaged", async () => {
    const record = await openRecord(folder, { cpus: 3 });
    await record.update({ diskId: "data-1" });
    await record.update({ checkDisk: true });
    const { name } = record.current;
    expect((await openRecord(folder, {})).current).toMatchObject({ name, diskId: "data-1", settings: { cpus: 3 } });
    await writeFile(join(folder, "machine.json"), "{");
    const mended = await openRecord(folder, {});
    expect(mended.notice).toContain("damaged");
    expect(mended.current).toMatchObject({ name, diskId: "data-1" });
    expect(await readFile(join(folder, "machine.json.damaged"), "utf8")).toBe("{");
  });
});

describe("images", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  async function makeImage() {
    const place = join(folder, "one");
    await mkdir(place);
    const parts = { vmlinux: "kernel", "initrd.cpio": "initrd", "root.erofs": "root" };
    const files = Object.entries(parts).map(([name, text]) => ({ name, sizeBytes: text.length, sha256: sha256(text) }));
    for (const [name, text] of Object.entries(parts)) await writeFile(join(place, name), text);
    const manifest = { imageId: "abc", arch: "amd64", kernelCommandLine: "quiet", files };
    await writeFile(join(place, "manifest.json"), JSON.stringify(manifest));
    await mkdir(join(folder, "no-image"));
    const [image] = await listImages(folder);
    if (!image) throw new Error("no image");
    return image;
  }

  it("are used only whole", async () => {
    const image = await makeImage();
    await verifyImage(image);
    await writeFile(image.root, "r00t");
    await expect(verifyImage(image)).rejects.toThrow("root.erofs has a wrong checksum");
    await writeFile(image.root, "longer than before");
    await expect(verifyImage(image)).rejects.toThrow("root.erofs has the wrong size");
    await rm(image.kernel);
    await expect(verifyImage(image)).rejects.toThrow("vmlinux is missing");
  });
});

describe("the guest's configuration", () => {
  it("is a tar of one value a file, which any tar reads", async () => {
    const keys = await loadMachineKeys(join(folder, "keys"));
    const files = configFiles({
      settings: { dns: ["1.1.1.1"], hostAccess: true },
      proxy: { http: "http://p", https: "", no: "a" },
      shares: [{ tag: "share0", path: "/home/me/a b", readOnly: true, kind: "9p" }],
      frameBytes: 15_000,
      authorizedKey: keys.authorizedKey,
      dropbearHostKey: keys.dropbearHostKey,
      epoch: 1.5,
      checkDisk: true,
      newDisk: false,
      shrinkToBytes: 4096,
    });
    const archive = join(folder, "config.tar");
    await writeFile(archive, packTar(files));
    await run("tar", ["-xf", archive, "-C", folder]);
    expect(await readFile(join(folder, "shares"), "utf8")).toBe("share0\t9p\tro\t/home/me/a b\n");
    expect(await readFile(join(folder, "proxy"), "utf8")).toBe("http=http://p\nno=a\n");
    expect(await readFile(join(folder, "frame-bytes"), "utf8")).toBe("15000\n");
    expect(await readFile(join(folder, "data-shrink-bytes"), "utf8")).toBe("4096\n");
    expect(await readFile(join(folder, "data-check"), "utf8")).toBe("1\n");
    expect((await readFile(join(folder, "dropbear_ed25519_host_key"))).length).toBe(4 + 11 + 4 + 64);
  });

  it("has keys that stay the same, private to the user", async () => {
    const first = await loadMachineKeys(folder);
    expect(await loadMachineKeys(folder)).toEqual(first);
    expect((await stat(join(folder, "keys.json"))).mode & 0o777).toBe(0o600);
    expect(first.authorizedKey).toMatch(/^ssh-ed25519 /);
  });
});

describe("process identity", () => {
  it("tells a process from another with its number, and counts a zombie as gone", async () => {
    const identity = await identify(process.pid);
    expect(identity && (await isAlive(identity))).toBe(true);
    expect(await isAlive({ pid: process.pid, startTime: "1" })).toBe(false);
    expect(startTimeOfStat(`1 (a b) c) Z ${Array.from({ length: 20 }, () => "0").join(" ")}`)).toBeUndefined();
  });
});
