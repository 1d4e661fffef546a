import { chmod, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Machine } from "#engine/vm/create-machine.ts";
import { docker, hypervisorPid, machineHome, missingImage, openMachine, untilState } from "../fixtures/machine.ts";

const heavy = process.env.LONGSHORE_HEAVY === "1" && !missingImage;
if (!heavy) console.log("skipped: 20 kills of the hypervisor and a damaged disk (LONGSHORE_HEAVY=1 runs them)");

let folder: string;
let machine: Machine | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-fault-"));
});

afterEach(async () => {
  await machine?.close("stop");
  machine = undefined;
  await rm(folder, { recursive: true, force: true });
}, 120_000);

/** An image whose parts are a few bytes, and a QEMU that does what the script says. */
async function pretend(script: string): Promise<{ home: string; bundle: string }> {
  const home = join(folder, "home");
  const image = join(home, "images", "one");
  await mkdir(image, { recursive: true });
  const sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"; // of "x"
  const files = ["vmlinux", "Image", "initrd.cpio", "root.erofs"].map((name) => ({ name, sizeBytes: 1, sha256 }));
  for (const { name } of files) await writeFile(join(image, name), "x");
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  await writeFile(
    join(image, "manifest.json"),
    JSON.stringify({ imageId: "one", arch, kernelCommandLine: "quiet", files }),
  );
  const bundle = join(folder, "bundle");
  await mkdir(join(bundle, "bin"), { recursive: true });
  const program = join(bundle, "bin", arch === "arm64" ? "qemu-system-aarch64" : "qemu-system-x86_64");
  const version = 'if [ "$1" = --version ]; then echo "QEMU emulator version 10.0.0"; exit 0; fi';
  await writeFile(program, `#!/bin/sh\n${version}\n${script}\n`);
  await chmod(program, 0o755);
  return { home, bundle };
}

async function failedStart(script: string, spoil?: (home: string) => Promise<void>) {
  const { home, bundle } = await pretend(script);
  await spoil?.(home);
  machine = await openMachine(home, { accelerator: "software" }, { qemuBundles: [bundle] });
  await machine.start().catch(() => undefined);
  const { state } = machine;
  if (state.status !== "broken") throw new Error(`not broken: ${JSON.stringify(state)}`);
  return state;
}

describe("a start that cannot work ends in a named state with a repair", { timeout: 60_000 }, () => {
  it("without an image", async () => {
    const state = await failedStart("exit 1", (home) => rm(join(home, "images", "one"), { recursive: true }));
    expect(state).toMatchObject({ failedStep: "image", repair: "start-again" });
    expect(state.why).toContain("No guest image");
  });

  it("with an image of which a part is not what its manifest says", async () => {
    const state = await failedStart("exit 1", (home) => writeFile(join(home, "images", "one", "root.erofs"), "y"));
    expect(state.why).toContain("root.erofs has a wrong checksum");
  });

  it("with a hypervisor that ends at once, in its own words", async () => {
    const state = await failedStart("echo 'qemu: odd thing' >&2; exit 3");
    expect(state).toMatchObject({ failedStep: "hypervisor" });
    expect(state.why).toContain("odd thing");
  });

  it("with a hypervisor that does not take its control connection, which is then ended", async () => {
    const state = await failedStart(`echo $$ > ${folder}/pid; exec sleep 1000`);
    expect(state.why).toContain("control socket within 15 s");
  });

  it("with a disk that somebody else holds", async () => {
    const state = await failedStart(`echo 'Failed to get "write" lock' >&2; exit 1`);
    expect(state.why).toContain("in use by another process");
  });

  it("with a data disk that is missing: nothing is made in its place", async () => {
    const { home, bundle } = await pretend("exit 1");
    machine = await openMachine(home, { accelerator: "software" }, { qemuBundles: [bundle] });
    await machine.start().catch(() => undefined);
    const [disk = ""] = await readdir(join(home, "disks"));
    await rm(join(home, "disks", disk));
    await machine.start().catch(() => undefined);
    expect(machine.state).toMatchObject({ status: "broken", failedStep: "disk" });
    expect(await readdir(join(home, "disks"))).toEqual([]);
  });
});

describe.skipIf(!heavy)("the real machine under force", { timeout: 3_600_000 }, () => {
  const helper = "longshore/helper:1.37.0-6";

  it("loses nothing that was synced in 20 kills, under load, and comes back by itself or by one repair", async () => {
    const { home, remove } = await machineHome();
    machine = await openMachine(home, { diskBytes: 4 * 2 ** 30 });
    await machine.start();
    const sums: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const file = `/v/f${round}`;
      const write = `dd if=/dev/urandom of=${file} bs=1M count=2 2>/dev/null; sync; sha256sum ${file}`;
      sums.push(await docker(machine, "run", "--rm", "-v", "keep:/v", helper, "sh", "-c", write));
      const busy = "while :; do dd if=/dev/urandom of=/v/load bs=64k count=50 2>/dev/null; done";
      if (round % 2 === 1) await docker(machine, "run", "-d", "--rm", "-v", "keep:/v", helper, "sh", "-c", busy);
      process.kill(await hypervisorPid(home), "SIGKILL");
      await untilState(machine, (now) => now.status !== "running", 10_000);
      const isSettled = (status: string) => status === "running" || status === "broken";
      const state = await untilState(machine, (now) => isSettled(now.status), 20_000).catch(() => undefined);
      if (state?.status === "broken") await machine.repair("start-again").catch(() => undefined);
      await untilState(machine, (now) => now.status === "running", 600_000);
      const check = await docker(machine, "run", "--rm", "-v", "keep:/v", helper, "sh", "-c", "sha256sum /v/f*");
      expect(check.split("\n").sort()).toEqual([...sums].sort());
    }
    await machine.close("stop");
    machine = undefined;
    await remove();
  });

  it("names a damaged data disk, and one repair brings it back with its files", async () => {
    const { home, remove } = await machineHome();
    machine = await openMachine(home, { diskBytes: 4 * 2 ** 30 });
    await machine.start();
    const sum = await docker(
      machine,
      "run",
      "--rm",
      "-v",
      "keep:/v",
      helper,
      "sh",
      "-c",
      "echo data >/v/f; sync; sha256sum /v/f",
    );
    await machine.stop();
    const [disk = ""] = (await readdir(join(home, "disks"))).filter((name) => name.endsWith(".raw"));
    const file = await open(join(home, "disks", disk), "r+");
    await file.write(Buffer.alloc(1024, 0x5a), 0, 1024, 1024);
    await file.close();
    await machine.start().catch(() => undefined);
    expect(machine.state).toMatchObject({ status: "broken", failedStep: "data-disk", repair: "check-disk" });
    await machine.repair("check-disk");
    expect(await docker(machine, "run", "--rm", "-v", "keep:/v", helper, "sha256sum", "/v/f")).toBe(sum);
    await machine.close("stop");
    machine = undefined;
    await remove();
  });
});
