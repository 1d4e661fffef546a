import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Machine } from "#engine/vm/create-machine.ts";
import { makeImageArchive } from "../../vm/shipping.ts";
import { docker, hypervisorPid, machineHome, openMachine } from "../fixtures/machine.ts";
import { type Bench, type BenchResult, median, round, timed } from "./statistics.ts";

const MB = 1_000_000;
const helper = "longshore/helper:1.37.0-6";

/** Everything that one machine shows of itself, measured once for all ids. */
interface Measured {
  readonly startMs: readonly number[];
  readonly stopMs: readonly number[];
  readonly suspendMs: readonly number[];
  readonly resumeMs: readonly number[];
  readonly guestIdleBytes: number;
  readonly hostIdleBytes: number;
  readonly hostPeakBytes: number;
  readonly hostLaterBytes: number;
  readonly accelerator: string;
}

let measured: Promise<Measured> | undefined;
const measure = () => {
  measured ??= takeMeasures();
  return measured;
};

const later = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

async function takeMeasures(): Promise<Measured> {
  const { home, remove } = await machineHome();
  const machine = await openMachine(home, { diskBytes: 8 * 2 ** 30 });
  try {
    // The first start formats the disk, probes the accelerator and loads the helper image: no start of every day.
    await machine.start();
    await later(5);
    const stopMs = [await timed(() => machine.stop())];
    const startMs = [await timed(() => machine.start())];
    stopMs.push(await timed(() => machine.stop()));
    startMs.push(await timed(() => machine.start()));
    const accelerator = machine.state.status === "running" ? machine.state.runtime.accelerator : "";
    await later(10);
    const memory = await measureMemory(machine, home);
    const suspendMs: number[] = [];
    const resumeMs: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      suspendMs.push(await timed(() => machine.suspend()));
      resumeMs.push(await timed(() => machine.resume()));
    }
    stopMs.push(await timed(() => machine.stop()));
    return { startMs, stopMs, suspendMs, resumeMs, accelerator, ...memory };
  } finally {
    await machine.close("stop");
    await remove();
  }
}

async function measureMemory(machine: Machine, home: string) {
  const guestIdleBytes = await guestUse(machine);
  const hostIdleBytes = await residentBytes(home);
  const allocate = ["dd", "if=/dev/zero", "of=/dev/null", "bs=900M", "count=2"];
  await docker(machine, "run", "--rm", helper, ...allocate);
  const hostPeakBytes = await residentBytes(home);
  await later(20);
  return { guestIdleBytes, hostIdleBytes, hostPeakBytes, hostLaterBytes: await residentBytes(home) };
}

/** Memory in use as the guest itself tells it. */
async function guestUse(machine: Machine): Promise<number> {
  for await (const { guestMemory } of machine.usage(AbortSignal.timeout(30_000)))
    if (guestMemory) return guestMemory.usedBytes;
  throw new Error("the guest told nothing of its memory");
}

async function residentBytes(home: string): Promise<number> {
  const status = await readFile(`/proc/${await hypervisorPid(home)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

function seconds(pick: (all: Measured) => readonly number[], most: number) {
  return async (): Promise<BenchResult> => {
    const all = await measure();
    const value = median(pick(all)) / 1_000;
    const each = pick(all).map((ms) => round(ms / 1_000));
    return { value: round(value), unit: "s", holds: value <= most, note: `${all.accelerator}: ${each.join(", ")} s` };
  };
}

async function idleMemory(): Promise<BenchResult> {
  const { guestIdleBytes } = await measure();
  return { value: round(guestIdleBytes / MB), unit: "MB", holds: guestIdleBytes <= 180 * MB };
}

async function memoryBack(): Promise<BenchResult> {
  const { hostIdleBytes, hostPeakBytes, hostLaterBytes } = await measure();
  const over = hostLaterBytes - hostIdleBytes;
  const [idle, peak] = [hostIdleBytes, hostPeakBytes].map((bytes) => round(bytes / MB));
  const note = `idle ${idle} MB, at the end of the container ${peak} MB`;
  return { value: round(over / MB), unit: "MB over idle", holds: over <= 150 * MB, note };
}

/** What ships is a hundredth smaller than at this level, and takes twice as long to pack. */
const quickLevel = 18;

/** Packs what is shipped, nearly as a release does, and weighs it: four minutes of compression. */
async function size(): Promise<BenchResult> {
  const { home, remove } = await machineHome();
  try {
    const parts = join(home, "images", "test");
    const arch = process.arch === "arm64" ? "arm64" : "amd64";
    const archive = await makeImageArchive({ arch, parts, level: quickLevel, tell: () => undefined });
    const { size: bytes } = await stat(join(parts, archive));
    return { value: round(bytes / MB), unit: "MB", holds: bytes <= 90 * MB, note: `${archive} at level ${quickLevel}` };
  } finally {
    await remove();
  }
}

export const benches: readonly Bench[] = [
  { id: "VM-start", goal: "cold start to the API ≤ 18 s", run: seconds(({ startMs }) => startMs, 18) },
  { id: "VM-resume", goal: "resume ≤ 3 s", run: seconds(({ resumeMs }) => resumeMs, 3) },
  { id: "VM-suspend", goal: "suspend ≤ 4 s", run: seconds(({ suspendMs }) => suspendMs, 4) },
  { id: "VM-stop", goal: "stop ≤ 6 s", run: seconds(({ stopMs }) => stopMs, 6) },
  { id: "VM-size", goal: "shipped image, kernel and initrd ≤ 90 MB", run: size },
  { id: "VM-idle-memory", goal: "guest memory in use when idle ≤ 180 MB", run: idleMemory },
  {
    id: "VM-memory-back",
    goal: "within 150 MB of idle 20 s after a container freed 900 MB",
    run: memoryBack,
  },
];
