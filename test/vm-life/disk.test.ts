import { execFile } from "node:child_process";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Inventory } from "#contract/machine.ts";
import type { Machine } from "#engine/vm/create-machine.ts";
import { addImage, docker, machineHome, openMachine } from "../fixtures/machine.ts";

const run = promisify(execFile);
/** An export or import that nobody follows. */
const unwatched = { signal: new AbortController().signal, report() {} };
const helper = "longshore/helper:1.37.0-6";
const GiB = 2 ** 30;
const MB = 1_000_000;

/** What the acceptance asks for takes minutes under emulation; the same with less is as true. */
const [deletedMegabytes, images] = process.env.LONGSHORE_FULL === "1" ? [2_000, ["a", "b", "c", "d"]] : [100, ["a"]];

/** One machine whose disk goes through everything that can be done to it; its contents must not change. */
describe("the data disk", { timeout: 900_000 }, () => {
  let home: Awaited<ReturnType<typeof machineHome>>;
  let machine: Machine;
  let before: Inventory;
  let sums: string;

  const onDisk = async () => {
    const { disk } = await machine.view();
    if (!disk) throw new Error("no disk");
    return disk;
  };
  const inVolume = (script: string) => docker(machine, "exec", "keeper", "sh", "-c", script);

  /** The ids are the same, and every file in the volume is what it was. */
  async function expectUnchanged(): Promise<void> {
    expect(await machine.inventory()).toEqual(before);
    await vi.waitFor(() => inVolume("true"), { timeout: 180_000, interval: 300 });
    expect(await inVolume("cd /v && sha256sum -c sums")).toBe(sums);
  }

  beforeAll(async () => {
    home = await machineHome();
    machine = await openMachine(home.home, { diskBytes: 5 * GiB });
    await machine.start();
    await vi.waitFor(() => docker(machine, "image", "inspect", helper), { timeout: 180_000, interval: 300 });
    const keeper = ["-d", "--name", "keeper", "--restart", "always", "--stop-signal", "KILL", "-v", "keep:/v"];
    await docker(machine, "volume", "create", "other");
    await docker(machine, "run", ...keeper, helper, "sleep", "1000000");
    await docker(machine, "run", "--name", "ended", helper, "true");
    await docker(machine, "commit", "ended", "kept:1");
    // Gone with the stop, as its flag says: no loss, and nothing that may be told as one.
    await docker(machine, "run", "-d", "--rm", "--stop-signal", "KILL", helper, "sleep", "1000000");
    await inVolume(
      "cd /v && for n in 1 2 3 4 5; do dd if=/dev/urandom of=f$n bs=1M count=4; done 2>/dev/null; sha256sum f* > sums; sync",
    );
    sums = await inVolume("cd /v && sha256sum -c sums");
    expect(sums.split("\n")).toEqual(["f1: OK", "f2: OK", "f3: OK", "f4: OK", "f5: OK"]);
  }, 300_000);

  afterAll(async () => {
    await machine?.close("stop");
    await home?.remove();
  }, 120_000);

  it(`gives the space of ${deletedMegabytes} MB of deleted images back to the host, unasked and while it runs`, async () => {
    const started = machine.state.status === "running" ? machine.state.startedAt : undefined;
    const empty = (await onDisk()).onHostBytes;
    const each = deletedMegabytes / images.length;
    for (const name of images) {
      const write = `dd if=/dev/urandom of=/tmp/seed bs=1M count=1 2>/dev/null; i=0; while [ $i -lt ${each} ]; do i=$((i+1)); cat /tmp/seed; done > /data; sync`;
      await docker(machine, "run", "--name", `make-${name}`, helper, "sh", "-c", write);
      await docker(machine, "commit", `make-${name}`, `big:${name}`);
      await docker(machine, "rm", `make-${name}`);
    }
    await inVolume("sync");
    const full = (await onDisk()).onHostBytes;
    expect(full - empty).toBeGreaterThan(deletedMegabytes * MB);
    await docker(machine, "rmi", ...images.map((name) => `big:${name}`));
    const fallen = async () =>
      expect(full - (await onDisk()).onHostBytes).toBeGreaterThan(0.95 * deletedMegabytes * MB);
    await vi.waitFor(fallen, { timeout: 120_000, interval: 500 });
    expect(machine.state).toMatchObject({ status: "running", startedAt: started });
  });

  it("grows while containers run", async () => {
    before = await machine.inventory();
    const { settings } = await machine.view();
    await machine.applySettings({ ...settings, diskBytes: 8 * GiB });
    expect((await onDisk()).maxBytes).toBe(8 * GiB);
    expect(Number(await inVolume("df -k /v | awk 'NR==2 {print $2}'"))).toBeGreaterThan(7.5 * 2 ** 20);
    await expectUnchanged();
    // The one that removes itself does so at the next stop; what is left is what must stay.
    const ids = (await docker(machine, "ps", "-aq", "--no-trunc", "--filter", "name=keeper", "--filter", "name=ended"))
      .split("\n")
      .sort();
    before = { ...before, containers: ids, volumes: ["keep", "other"] };
  });

  it("shrinks by a checked copy, with other changes in the same restart, and keeps the original in the trash", async () => {
    const { settings } = await machine.view();
    const changed = { ...settings, diskBytes: 4 * GiB, cpus: 1, memoryBytes: 1.5 * GiB };
    expect(machine.diffSettings(changed).map(({ setting, effect }) => `${setting} ${effect}`)).toEqual([
      "cpus restart",
      "memoryBytes restart",
      "diskBytes copy-disk",
    ]);
    await machine.applySettings(changed);
    expect((await onDisk()).maxBytes).toBe(4 * GiB);
    await expectUnchanged();
    expect(Number(await inVolume("df -k /v | awk 'NR==2 {print $2}'"))).toBeLessThan(4 * 2 ** 20);
    expect(await inVolume("grep -c ^processor /proc/cpuinfo")).toBe("1");
    expect(Number(await inVolume("awk '/MemTotal/ {print $2}' /proc/meminfo"))).toBeLessThan(1.5 * 2 ** 20);
    expect(await machine.listDisks()).toMatchObject([{ place: "trash", why: "replaced by a smaller copy" }]);
    expect("notices" in machine.state && machine.state.notices.join()).not.toContain("differ");
  });

  it("refuses a size that its files do not fit in, before anything is stopped", async () => {
    const started = machine.state.status === "running" ? machine.state.startedAt : undefined;
    await inVolume("fallocate -l 1800000000 /v/ballast");
    const { settings } = await machine.view();
    await expect(machine.applySettings({ ...settings, diskBytes: 2 * GiB })).rejects.toThrow("3 GiB is the least now");
    expect(machine.state).toMatchObject({ status: "running", startedAt: started });
    await inVolume("rm /v/ballast");
  });

  it("stays as it is when the system image is upgraded", async () => {
    await addImage(home.home, "newer", "newer-image");
    const { settings } = await machine.view();
    await machine.applySettings({ ...settings, cpus: 2, memoryBytes: 2 * GiB });
    expect((await machine.view()).images.find(({ current }) => current)?.id).toBe("newer-image");
    await expectUnchanged();
    expect("notices" in machine.state && machine.state.notices.join()).not.toContain("differ");
  });

  it("goes on where a file to import is no disk", async () => {
    const started = machine.state.status === "running" ? machine.state.startedAt : undefined;
    const nonsense = join(home.home, "nonsense.zst");
    await writeFile(nonsense, "no disk");
    await expect(machine.importDisk(nonsense, unwatched)).rejects.toMatchObject({ code: "bad_request" });
    expect(machine.state).toMatchObject({ status: "running", startedAt: started });
  });

  it("leaves the computer as one file, and comes back from it; the other disk waits as an orphan", async () => {
    const { settings } = await machine.view();
    const older = (await machine.view()).images.find(({ current }) => !current)?.id;
    await machine.stop();
    const archive = join(home.home, "kept disk.zst");
    const { sizeBytes } = await machine.exportDisk(archive, unwatched);
    expect(sizeBytes).toBe((await stat(archive)).size);
    await machine.importDisk(archive, unwatched);
    // The image before the upgrade can be chosen again.
    await machine.applySettings({ ...settings, ...(older === undefined ? {} : { imageId: older }) });
    await machine.start();
    await expectUnchanged();
    expect((await machine.view()).images.find(({ current }) => current)?.id).toBe(older);
    const [orphan] = (await machine.listDisks()).filter(({ place }) => place === "orphan");
    await expect(machine.deleteDisk(orphan?.id ?? "", "something else")).rejects.toMatchObject({ code: "bad_request" });
    await machine.deleteDisk(orphan?.id ?? "", orphan?.id ?? "");
    await rm(archive);
  });

  it("goes to the trash at a factory reset, for which the name must be typed, and can be taken out again", async () => {
    await expect(machine.factoryReset("yes")).rejects.toMatchObject({ code: "bad_request" });
    const { trashedDisk = "" } = await machine.factoryReset("longshore");
    expect(machine.state).toEqual({ status: "absent" });
    const kept = (await machine.listDisks()).find(({ id }) => id === trashedDisk);
    expect(kept).toMatchObject({ place: "trash", why: "factory reset" });
    expect(Math.round(((kept?.deleteAt ?? 0) - Date.now()) / 86_400_000)).toBe(7);
    // Something goes missing behind the machine's back, as a bad upgrade would do it.
    await run("/usr/sbin/debugfs", ["-w", "-R", "unlink docker/volumes/other", kept?.path ?? ""]);
    await machine.useDisk(trashedDisk);
    expect(await readdir(join(home.home, "trash"))).not.toContain(`${trashedDisk}.raw`);
  });

  it("is told to differ where something is missing after an upgrade, and what can be done", async () => {
    const { settings } = await machine.view();
    await machine.applySettings({ ...settings, imageId: "newer-image" });
    await machine.start();
    const notices = "notices" in machine.state ? machine.state.notices.join() : "";
    expect(notices).toContain("1 volumes missing (other)");
    expect(notices).toContain("The older image can be chosen again");
    before = { ...before, volumes: ["keep"] };
    await expectUnchanged();
  });
});
