import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hypervisorPid, machineHome } from "../fixtures/machine.ts";
import { dockerAt, dockerHostOf, startVmApp, type VmApp } from "../fixtures/vm-app.ts";

/** Longer than a socket's path may be, with signs that shells, QEMU and URLs each read in their own way. */
const oddPath = join("höme, with spaces & a 'quote' (and 100% signs) #1", "x".repeat(100));

const helper = "longshore/helper:1.37.0-6";
const allKills = 20;
/** `LONGSHORE_KILLS`: up to which round, or from which to which (`7-12`), because all take half an hour. */
const [firstKill = 1, lastKill = 2] = plannedKills(process.env.LONGSHORE_KILLS ?? "1-2");

function plannedKills(text: string): number[] {
  const numbers = text.split("-").map(Number);
  return numbers.length === 1 ? [1, ...numbers] : numbers;
}

/** QEMU has its network in itself, so there is no network process to kill apart from it. */
const rounds = [
  { victims: ["hypervisor"], load: true },
  { victims: ["app"], load: true },
  { victims: ["app", "hypervisor"], load: false },
  { victims: ["hypervisor"], load: false },
  { victims: ["app"], load: false },
  { victims: ["app", "hypervisor"], load: true },
] as const;

/** One app on one machine; `repairs` counts how often a person would have had to click. */
let home: Awaited<ReturnType<typeof machineHome>>;
let vm: VmApp;
let repairs = 0;
/** A line of `sha256sum` for each file that was told to be on the disk before a kill. */
const promised: string[] = [];

const docker = (...args: string[]) => dockerAt(home.home, args);

async function untilUp(): Promise<void> {
  const settled = await vm.until((state) => state.status === "running" || isLeftBroken(state), 240_000);
  if (settled.status === "running") return;
  repairs += 1;
  await vm.client.machine.repair({ repair: "start-again" });
  await vm.until((state) => state.status === "running", 240_000);
}

/** After too many crashes in ten minutes the machine waits to be told; before, it starts by itself at once. */
function isLeftBroken(state: { status: string; since?: number }): boolean {
  return state.status === "broken" && Date.now() - (state.since ?? 0) > 5_000;
}

async function writeAtRest(round: number): Promise<void> {
  const file = `/v/rest${round}`;
  const script = `dd if=/dev/urandom of=${file} bs=256k count=4 conv=fsync 2>/dev/null; sha256sum ${file}`;
  promised.push(await docker("run", "--rm", "-v", "keep:/v", helper, "sh", "-c", script));
}

/** A container that writes, flushes and then tells, without end; returns once it has told of some files. */
async function writeUnderLoad(round: number): Promise<() => void> {
  const file = `/v/load${round}-$i`;
  const once = `dd if=/dev/urandom of=${file} bs=64k count=1 conv=fsync 2>/dev/null && sha256sum ${file}`;
  const script = `i=0; while [ $i -lt 400 ]; do i=$((i+1)); ${once}; done; exec sleep 100000`;
  await docker("run", "-d", "--name", `writer${round}`, "-v", "keep:/v", helper, "sh", "-c", script);
  const env = { ...process.env, DOCKER_HOST: await dockerHostOf(home.home) };
  const logs = spawn("docker", ["logs", "-f", `writer${round}`], { env, stdio: ["ignore", "pipe", "ignore"] });
  const enough = Promise.withResolvers<void>();
  let told = 0;
  // Lines that are read whole: a file whose line the kill cut off was never promised.
  createInterface({ input: logs.stdout }).on("line", (line) => {
    if (!/^[0-9a-f]{64} {2}\/v\/\S+$/.test(line)) return;
    promised.push(line);
    told += 1;
    if (told === 8) enough.resolve();
  });
  await enough.promise;
  return () => logs.kill();
}

async function verify(): Promise<void> {
  const args = ["run", "-i", "--rm", "-v", "keep:/v", helper, "sha256sum", "-c"];
  const told = await dockerAt(home.home, args, `${promised.join("\n")}\n`);
  expect(told.split("\n").filter((line) => line.endsWith(": OK"))).toHaveLength(promised.length);
}

async function kill(victims: readonly ("app" | "hypervisor")[]): Promise<void> {
  const pid = await hypervisorPid(home.home);
  if (victims.includes("app")) await vm.kill();
  if (victims.includes("hypervisor")) process.kill(pid, "SIGKILL");
  if (victims.includes("app")) vm = await startVmApp(home.home);
  else await vm.until((state) => state.status !== "running", 60_000);
}

describe("kill -9", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    home = await machineHome(oddPath);
    vm = await startVmApp(home.home);
    await untilUp();
    // The helper image is loaded after the start; it is what the containers here are made of.
    await vi.waitFor(() => docker("image", "inspect", helper), { timeout: 180_000, interval: 300 });
  }, 300_000);

  afterAll(async () => {
    await vm?.client.machine.stop({}).catch(() => undefined);
    // The socket of so long a home lies in a short folder elsewhere.
    const socket = await dockerHostOf(home.home).catch(() => undefined);
    const shortFolder = socket && dirname(socket.replace("unix://", ""));
    await vm?.stop();
    await home?.remove();
    if (shortFolder?.includes("longshore-")) await rm(shortFolder, { recursive: true, force: true });
  }, 120_000);

  for (let round = 1; round <= allKills; round += 1) {
    const { victims, load } = rounds[(round - 1) % rounds.length] ?? rounds[0];
    const what = `${round}: of the ${victims.join(" and the ")} ${load ? "under load" : "at rest"} loses nothing synced`;
    it(what, async ({ task, skip }) => {
      if (round < firstKill || round > lastKill) {
        const reason = `LONGSHORE_KILLS=${allKills} runs all`;
        Object.assign(task.meta, { reason });
        skip(reason);
      }
      const clicksBefore = repairs;
      await writeAtRest(round);
      const stopReading = load ? await writeUnderLoad(round) : () => undefined;
      await kill(victims);
      stopReading();
      await untilUp();
      expect(repairs - clicksBefore).toBeLessThanOrEqual(1);
      await verify();
      if (load) await docker("rm", "-f", `writer${round}`);
    });
  }
});
