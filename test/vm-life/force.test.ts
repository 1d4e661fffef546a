import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { MachineStepName } from "#contract/machine.ts";
import type { Machine } from "#engine/vm/create-machine.ts";
import { docker, hypervisorPid, machineHome, openMachine, qemuProgram, untilState } from "../fixtures/machine.ts";

const run = promisify(execFile);
const helper = "longshore/helper:1.37.0-6";
const GiB = 2 ** 30;

/** A start under emulation takes its time; each further step is one more of them. */
const runsAll = process.env.LONGSHORE_FULL === "1";
const steps: readonly MachineStepName[] = runsAll
  ? ["data-disk", "hypervisor", "kernel", "modules", "network", "ssh", "containerd", "api"]
  : ["data-disk", "containerd"];

/** A machine under force: what is on its disk is there after each blow. */
describe.skipIf(process.platform !== "linux")("the machine under force", { timeout: 300_000 }, () => {
  let home: Awaited<ReturnType<typeof machineHome>>;
  let machine: Machine;
  let sum = "";
  const place = () => join(home.home, "disks");

  const inContainer = (...script: string[]) =>
    docker(machine, "run", "--rm", "-v", "keep:/v", helper, "sh", "-c", script.join("; "));

  beforeAll(async () => {
    home = await machineHome();
    machine = await openMachine(home.home, { diskBytes: 4 * GiB });
  });

  afterAll(async () => {
    vi.useRealTimers();
    await machine?.close("stop");
    if (process.getuid?.() === 0) await run("umount", ["-l", place()]).catch(() => undefined);
    await home?.remove();
  }, 120_000);

  it.each(steps)("ends in a named state when its hypervisor dies at the step %s of a start", async (step) => {
    const started = machine.start().then(
      () => "started",
      () => "failed",
    );
    const arrived = (state: Machine["state"]) =>
      state.status === "starting" && state.steps.some(({ name, status }) => name === step && status !== "pending");
    await untilState(machine, arrived, 200_000);
    const pid = await vi.waitFor(() => hypervisorPid(home.home), { timeout: 60_000, interval: 20 });
    process.kill(pid, "SIGKILL");
    expect(await started).toBe("failed");
    expect(machine.state).toMatchObject({ status: "broken", repair: expect.stringMatching(/\w/) });
    if (machine.state.status !== "broken") return;
    expect(machine.state.why).toContain("ended");
    expect(machine.state.failedStep).toBeDefined();
  });

  it("is brought back by one repair, also when the first death cut off the formatting of its disk", async () => {
    await machine.repair("start-again");
    expect(machine.state.status).toBe("running");
    await vi.waitFor(() => docker(machine, "image", "inspect", helper), { timeout: 180_000, interval: 300 });
    sum = await inContainer("dd if=/dev/urandom of=/v/f bs=1M count=8 conv=fsync 2>/dev/null", "sha256sum /v/f");
  });

  it("follows the computer's clock when that jumps, forth and back", async () => {
    const guestIsRight = async () => {
      const seconds = Number(await inContainer("date +%s"));
      expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(20);
    };
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3 * 3_600_000 });
    await vi.waitFor(guestIsRight, { timeout: 180_000, interval: 1_000 });
    vi.useRealTimers();
    await vi.waitFor(guestIsRight, { timeout: 180_000, interval: 1_000 });
    expect(machine.state.status).toBe("running");
  });

  it("is told as hanging while its hypervisor stands still, and as running when that goes on", async () => {
    const pid = await hypervisorPid(home.home);
    process.kill(pid, "SIGSTOP");
    try {
      const hung = await untilState(machine, ({ status }) => status === "broken", 90_000);
      expect(hung).toMatchObject({ repair: "start-again", repairs: expect.arrayContaining(["check-disk"]) });
      expect("why" in hung && hung.why).toContain("Its hypervisor is stopped or hangs");
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await untilState(machine, ({ status }) => status === "running", 90_000);
    expect(await inContainer("sha256sum /v/f")).toBe(sum);
  });

  it("belongs to one user, and to one app at a time", async () => {
    expect((await stat(machine.socket)).mode & 0o777).toBe(0o600);
    expect((await stat(home.home)).mode & 0o077).toBe(0);
    await expect(openMachine(home.home)).rejects.toMatchObject({ code: "conflict" });
  });

  it("collects diagnostics without its keys", async () => {
    const { path = "" } = await machine.repair("collect-diagnostics");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const told = await readFile(path, "latin1");
    expect(told).toContain("machine.json");
    expect(told).not.toContain("PRIVATE KEY");
  });

  it("says on its socket that it is stopped", async () => {
    await machine.stop();
    expect(machine.state).toEqual({ status: "stopped" });
    await expect(docker(machine, "ps")).rejects.toThrow("Start it in Longshore");
  });

  it("says that its disk is in use, where another QEMU holds it", async () => {
    const [disk = ""] = (await readdir(place())).filter((name) => name.endsWith(".raw"));
    const drive = `file=${join(place(), disk)},if=none,id=data,format=raw`;
    const args = ["-nodefaults", "-S", "-display", "none", "-drive", drive, "-device", "virtio-blk-pci,drive=data"];
    const holder = spawn(qemuProgram ?? "", [...args, "-monitor", "stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    await machine.start().catch(() => undefined);
    holder.stdin.end("quit\n");
    await once(holder, "exit");
    expect(machine.state).toMatchObject({ status: "broken", failedStep: "hypervisor", repair: "start-again" });
    expect("why" in machine.state && machine.state.why).toContain("in use by another process");
  });

  it("names a damaged data disk, touches nothing of it, and one repair brings it back with its files", async () => {
    await machine.stop();
    const [disk = ""] = (await readdir(place())).filter((name) => name.endsWith(".raw"));
    const file = await open(join(place(), disk), "r+");
    await file.write(Buffer.alloc(1024, 0x5a), 0, 1024, 1024);
    await file.close();
    await machine.start().catch(() => undefined);
    expect(machine.state).toMatchObject({ status: "broken", failedStep: "data-disk", repair: "check-disk" });
    expect("why" in machine.state && machine.state.why).toContain("it was not touched");
    await machine.repair("check-disk");
    expect(await inContainer("sha256sum /v/f")).toBe(sum);
  });

  it("pauses before anything is lost when the computer's disk is full, and goes on", async ({ task, skip }) => {
    if (!runsAll || process.getuid?.() !== 0) {
      const reason = "a minute more, and mounts as root: LONGSHORE_FULL=1";
      Object.assign(task.meta, { reason });
      skip(reason);
    }
    await machine.stop();
    // The disks on a small file system of their own.
    const small = `${place()}-small`;
    await mkdir(small);
    await run("mount", ["-t", "tmpfs", "-o", "size=700m", "tmpfs", small]);
    await run("cp", ["-a", "--sparse=always", `${place()}/.`, small]);
    await run("mount", ["--move", small, place()]);
    await machine.start();
    const writing = inContainer(
      "dd if=/dev/zero of=/v/much bs=1M count=900 conv=fsync 2>/dev/null",
      "stat -c %s /v/much",
    );
    const full = await untilState(machine, ({ status }) => status === "broken", 200_000);
    expect(full).toMatchObject({ repair: "continue-after-space" });
    expect("why" in full && full.why).toContain("disk is full");
    await run("mount", ["-o", "remount,size=2g", place()]);
    await machine.repair("continue-after-space");
    await untilState(machine, ({ status }) => status === "running", 60_000);
    expect(await writing).toBe(String(900 * 2 ** 20));
    expect(await inContainer("sha256sum /v/f")).toBe(sum);
  });
});
