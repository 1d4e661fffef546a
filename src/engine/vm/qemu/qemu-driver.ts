import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "#contract/errors.ts";
import { cancelled, poll } from "../deadline.ts";
import type { Driver, DriverVerdict, Guest, GuestSpec, RunRecord } from "../driver.ts";
import { sshLink } from "../guest/ssh-link.ts";
import { isAlive, signalProcess } from "../process/identity.ts";
import { type Launched, launchDetached, watchEnd } from "../process/launch.ts";
import { controlAddress, qemuArguments } from "./arguments.ts";
import { findQemu } from "./find-qemu.ts";
import { parseSshPort } from "./forwards.ts";
import { probeAccelerator, rememberFailure } from "./probe-accelerator.ts";
import { qemuGuest } from "./qemu-guest.ts";
import { Qmp } from "./qmp.ts";

export interface QemuDriverOptions {
  readonly arch: "amd64" | "arm64";
  /** Folders of the package that may hold a QEMU, best first. */
  readonly bundles: readonly string[];
  /** `$LONGSHORE_HOME/qemu`. */
  readonly privateDir: string;
  readonly wish: "auto" | "hardware" | "software";
  /** File in which the verdict about the accelerator is remembered. */
  readonly probeMemory: string;
  /** Folder in which the state file is written; QEMU runs there. */
  readonly stateDir: string;
  /** Search path for the system's QEMU; the process's own where absent. */
  readonly path?: string;
}

/** QEMU: KVM or software emulation on Linux, HVF on macOS, WHPX on Windows. */
export function qemuDriver(options: QemuDriverOptions): Driver {
  return {
    name: "qemu",
    probe: (signal) => probe(options, signal),
    start: (spec, signal) => start(options, spec, signal),
    adopt: (record, spec) => adopt(record, spec),
    distrustAcceleration: (why) => distrust(options, why),
  };
}

async function probe(options: QemuDriverOptions, signal: AbortSignal): Promise<DriverVerdict> {
  try {
    const { qemu, verdict } = await prepare(options, signal);
    const reason = `QEMU ${qemu.version} (${qemu.origin}). ${verdict.reason}`;
    return { usable: true, version: qemu.version, accelerator: verdict.accelerator.name, reason };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { usable: false, reason: error.message };
  }
}

async function distrust(options: QemuDriverOptions, why: string): Promise<boolean> {
  const { qemu, verdict } = await prepare(options, new AbortController().signal);
  if (verdict.accelerator.name === "tcg" || options.wish === "hardware") return false;
  const { arch, wish, probeMemory: memory } = options;
  const failure = `ran a test guest but not the machine (${why})`;
  await rememberFailure({ qemu, arch, wish, memory, signal: new AbortController().signal }, failure);
  return true;
}

async function prepare(options: QemuDriverOptions, signal: AbortSignal, kernel?: string) {
  const qemu = await findQemu(options);
  const { arch, wish, probeMemory: memory } = options;
  const own = kernel === undefined ? {} : { kernel };
  return { qemu, verdict: await probeAccelerator({ qemu, arch, wish, memory, signal, ...own }) };
}

async function start(options: QemuDriverOptions, spec: GuestSpec, signal: AbortSignal): Promise<Guest> {
  const { qemu, verdict } = await prepare(options, signal, spec.kernel);
  const control = controlAddress(spec.runDir, spec.name);
  if (process.platform !== "win32") await rm(control, { force: true });
  const launch = { spec, arch: options.arch, accelerator: verdict.accelerator, control };
  const child = await launchDetached({
    program: qemu.path,
    args: qemuArguments(launch),
    log: spec.hypervisorLog,
    cwd: options.stateDir,
  });
  try {
    const qmp = await openControl(control, child, signal);
    const sshPort = parseSshPort(await qmp.monitor("info usernet"));
    if (sshPort === undefined) throw new AppError("internal", "QEMU opened no port for the guest's ssh.");
    const record: RunRecord = {
      driver: "qemu",
      name: spec.name,
      process: child.identity,
      runDir: spec.runDir,
      sshPort,
      driverVersion: qemu.version,
      accelerator: verdict.accelerator.name,
      reason: `QEMU ${qemu.version} (${qemu.origin}). ${verdict.reason}`,
    };
    return qemuGuest({ qmp, record, link: sshLink({ port: sshPort, identity: spec.ssh }), end: child });
  } catch (error) {
    await signalProcess(child.identity, "SIGKILL");
    throw error;
  }
}

async function openControl(control: string, child: Launched, signal: AbortSignal): Promise<Qmp> {
  let end: string | undefined;
  void child.ended.then((how) => {
    end = how;
  });
  const ask = async (): Promise<Qmp | undefined> => {
    if (end !== undefined) throw new AppError("unavailable", `QEMU ended at once (${end}).`);
    return Qmp.open(control).catch((error: unknown) => {
      if (error instanceof AppError && error.code === "unavailable") return undefined;
      throw error;
    });
  };
  if (signal.aborted) throw cancelled();
  return poll(ask, { everyMs: 20, timeoutMs: 15_000, signal, what: "QEMU did not open its control socket" });
}

async function adopt(record: RunRecord, spec: Pick<GuestSpec, "ssh" | "consoleLog">): Promise<Guest | undefined> {
  const { process: identity, sshPort } = record;
  if (!identity || sshPort === undefined || !(await isAlive(identity))) return undefined;
  const qmp = await Qmp.open(controlAddress(record.runDir, record.name), undefined, 3_000).catch(() => undefined);
  if (qmp && !(await hasName(qmp, record.name))) {
    qmp.close();
    return undefined;
  }
  if (!qmp) throw new AppError("timeout", `A virtual machine of ${dirname(spec.consoleLog)} runs but does not answer.`);
  return qemuGuest({
    qmp,
    record,
    link: sshLink({ port: sshPort, identity: spec.ssh }),
    end: { identity, ended: watchEnd(identity) },
  });
}

async function hasName(qmp: Qmp, name: string): Promise<boolean> {
  const answer = (await qmp.execute("query-name")) as { name?: string };
  return answer.name === name;
}
