import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MachineSettings } from "#contract/machine.ts";
import type { Machine } from "#engine/vm/create-machine.ts";
import { openMachine } from "../fixtures/machine.ts";

const run = promisify(execFile);

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

async function failedStart(
  script: string,
  spoil?: (home: string) => Promise<void>,
  more: Partial<MachineSettings> = {},
) {
  const { home, bundle } = await pretend(script);
  await spoil?.(home);
  machine = await openMachine(home, { accelerator: "software", ...more }, { qemuBundles: [bundle] });
  return brokenStart(machine);
}

/** Starts a machine that cannot; whatever is wrong, it is told by a name, with something to do. */
async function brokenStart(broken: Machine) {
  await broken.start().catch(() => undefined);
  const { state } = broken;
  if (state.status !== "broken") throw new Error(`not broken: ${JSON.stringify(state)}`);
  expect(state.why).not.toBe("");
  expect(state.repairs).toContain(state.repair);
  return state;
}

describe("a start that cannot work ends in a named state with a repair", { timeout: 180_000 }, () => {
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

  it.skipIf(process.getuid?.() !== 0)("with no room on the host's disk, in words, and the disk untouched", async () => {
    await mkdir(join(folder, "home"));
    await run("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", join(folder, "home")]);
    try {
      const state = await failedStart("exit 1");
      expect(state).toMatchObject({ failedStep: "disk", repair: "start-again" });
      expect(state.why).toContain("no room left on this computer's disk");
      await machine?.close();
      machine = undefined;
    } finally {
      await run("umount", ["-l", join(folder, "home")]);
    }
  });

  it.skipIf(existsSync("/usr/bin/qemu-system-x86_64"))("without a QEMU that is new enough", async () => {
    const { home, bundle } = await pretend("exit 1");
    const program = join(bundle, "bin", process.arch === "arm64" ? "qemu-system-aarch64" : "qemu-system-x86_64");
    await writeFile(program, "#!/bin/sh\necho 'QEMU emulator version 6.2.0'\n");
    machine = await openMachine(home, {}, { qemuBundles: [bundle], env: { PATH: "" } });
    const state = await brokenStart(machine);
    expect(state).toMatchObject({ failedStep: "hypervisor" });
    expect(state.why).toMatch(/No QEMU 7.2 or later was found \(.* is version 6.2.0\). Install it/);
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

describe.skipIf(process.platform !== "linux")("acceleration that lies", { timeout: 180_000 }, () => {
  /** What the machine itself was started with, after a QEMU has behaved like that towards the probes. */
  async function chosen(probes: string) {
    const told = join(folder, "told");
    const state = await failedStart(`${probes}\necho "$*" >> ${told}; exit 1`, undefined, { accelerator: "auto" });
    expect(state.failedStep).toBe("hypervisor");
    const home = join(folder, "home");
    const verdicts = await readFile(join(home, "machine", "accelerator.json"), "utf8");
    const starts = (await readFile(told, "utf8")).trim().split("\n");
    return { starts: starts.map((line) => /-accel (\w+)/.exec(line)?.[1]), verdicts };
  }
  const asKvm = (action: string) => `case "$*" in *"-accel kvm"*) ${action};; esac`;
  const smallGuest = 'case "$*" in *isa-debug-exit*) exit 33;; *accel\\ kvm*addr=0x40000000*) exit 0;; esac';

  it("by ending at once", async () => {
    const { starts, verdicts } = await chosen(asKvm("echo 'q: error: failed to set MSR 0x10a' >&2; exit 134"));
    expect(starts).toEqual(["tcg"]);
    expect(verdicts).toContain("failed to set MSR 0x10a");
  });

  it("by never running a guest", async () => {
    const { starts, verdicts } = await chosen(asKvm("exec sleep 60"));
    expect(starts).toEqual(["tcg"]);
    expect(verdicts).toContain("did not run within 4 s");
  });

  it("by running a small guest at once, and no kernel", async () => {
    const { starts, verdicts } = await chosen(`${smallGuest}\n${asKvm("exec sleep 60")}`);
    expect(starts).toEqual(["tcg"]);
    expect(verdicts).toContain("no kernel within 5 s");
  });

  it("by running both and not the machine, which is started once more without it", async () => {
    const panics = 'case "$*" in *panic=-1*) echo "Kernel panic - not syncing: no root"; exit 0;; esac';
    const { starts, verdicts } = await chosen(`${smallGuest}\n${panics}`);
    expect(starts).toEqual(["kvm", "tcg"]);
    expect(verdicts).toContain("but not the machine");
  });
});
