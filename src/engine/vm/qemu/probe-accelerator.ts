import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { dirname, join } from "node:path";
import { cancelled } from "../deadline.ts";
import type { Accelerator } from "./arguments.ts";
import type { QemuProgram } from "./find-qemu.ts";
import { probeKernelAmd64, probeKernelArm64 } from "./probe-guest.ts";

/** What was found out about hardware acceleration, in words that the user can read. */
export interface AcceleratorVerdict {
  readonly accelerator: Accelerator;
  readonly reason: string;
}

interface ProbeOptions {
  readonly qemu: QemuProgram;
  readonly arch: "amd64" | "arm64";
  readonly wish: "auto" | "hardware" | "software";
  /** File in which the verdict is remembered. */
  readonly memory: string;
  /** Kernel of the machine that is about to start; without one only the small guest is run. */
  readonly kernel?: string;
  readonly signal: AbortSignal;
}

/** A guest on hardware leaves the firmware in well under a second; a lying device never does. */
const probeDeadlineMs = 4_000;

/** Emulated, a kernel gives up for want of a disk after two seconds: hardware that needs longer than this is no gain. */
const kernelDeadlineMs = 5_000;

/**
 * The accelerator to use. A device that opens proves nothing, so a guest of ten instructions is really run, and
 * before a start the machine's own kernel too: a device was seen to run the one at once, and the other so slowly
 * that it never arrived. Each has a deadline; the verdict is remembered for this kernel of the host and this QEMU.
 */
export async function probeAccelerator(options: ProbeOptions): Promise<AcceleratorVerdict> {
  const hardware = hardwareOf(process.platform, options.arch);
  const software: Accelerator = { name: "tcg", cpu: emulatedCpu(options.arch) };
  if (options.wish === "software") return { accelerator: software, reason: "Software emulation, as set." };
  if (!hardware) return { accelerator: software, reason: `Software emulation: none other for ${process.platform}.` };
  const failure = await rememberedFailure(options, hardware);
  if (failure === "") return { accelerator: hardware, reason: `${hardware.name.toUpperCase()} ran a test guest.` };
  const reason = `Software emulation: ${hardware.name.toUpperCase()} ${failure}.`;
  return { accelerator: software, reason };
}

/** Remembers that hardware acceleration failed in earnest, so that the next start does without it. */
export function rememberFailure(options: ProbeOptions, failure: string): Promise<void> {
  return remember(options.memory, verdictKey(options), failure);
}

async function remember(file: string, key: string, failure: string): Promise<void> {
  const verdicts = { ...(await readVerdicts(file)), [key]: failure };
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(verdicts, undefined, 2));
  await rename(temporary, file);
}

/**
 * All that QEMU can emulate, but for the promise that strings are copied fast byte by byte: kernel, C library and Go then copy
 * so, and each byte is emulated for itself. Words and vectors take a fraction of that.
 */
export function emulatedCpu(arch: "amd64" | "arm64"): string {
  return arch === "amd64" ? "max,-erms,-fsrm" : "max";
}

/** Accelerator of a system, before it is known whether it works. */
export function hardwareOf(platform: NodeJS.Platform, arch: "amd64" | "arm64"): Accelerator | undefined {
  if (arch !== (process.arch === "arm64" ? "arm64" : "amd64")) return undefined;
  if (platform === "linux") return { name: "kvm", cpu: "host" };
  if (platform === "darwin") return { name: "hvf", cpu: arch === "amd64" ? "host,-avx512vl,-pdpe1gb" : "host" };
  if (platform === "win32") return { name: "whpx", cpu: "max" };
  return undefined;
}

/** Why the hardware cannot be used; empty where it can. */
async function rememberedFailure(options: ProbeOptions, hardware: Accelerator): Promise<string> {
  const known = options.wish === "auto" ? await readVerdicts(options.memory) : {};
  const remembered = known[verdictKey(options)];
  const failure = remembered ?? (await runProbe(options, hardware));
  if (options.signal.aborted) throw cancelled();
  if (remembered === undefined) await remember(options.memory, verdictKey(options), failure);
  if (failure !== "" || options.kernel === undefined || known[kernelKey(options)] !== undefined) return failure;
  const inEarnest = await tryKernel(options, { hardware, kernel: options.kernel });
  if (options.signal.aborted) throw cancelled();
  await remember(options.memory, inEarnest === "" ? kernelKey(options) : verdictKey(options), inEarnest);
  return inEarnest;
}

function kernelKey(options: ProbeOptions): string {
  return `${verdictKey(options)} with the machine's kernel`;
}

function verdictKey({ qemu, arch }: ProbeOptions): string {
  return `${arch} ${qemu.version} ${release()}`;
}

async function readVerdicts(file: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, string>; // Our own file; a bad one is made anew.
  } catch {
    return {};
  }
}

async function runProbe({ qemu, arch, memory, signal }: ProbeOptions, hardware: Accelerator): Promise<string> {
  const parent = dirname(memory);
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "probe-"));
  try {
    const kernel = join(folder, "probe");
    await writeFile(kernel, arch === "amd64" ? probeKernelAmd64() : probeKernelArm64());
    return verdictOf(
      await runGuest({
        program: qemu.path,
        args: probeArguments(arch, hardware, kernel),
        deadlineMs: probeDeadlineMs,
        signal,
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the machine's kernel with nothing to start from: it must come as far as to say so. */
async function tryKernel(
  { qemu, arch, signal }: Pick<ProbeOptions, "qemu" | "arch" | "signal">,
  { hardware, kernel }: { hardware: Accelerator; kernel: string },
): Promise<string> {
  const machine = arch === "amd64" ? ["-machine", "q35", "-vga", "none"] : ["-machine", "virt"];
  const common = ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-m", "256M", "-serial", "stdio"];
  const words = `console=${arch === "amd64" ? "ttyS0" : "ttyAMA0"} quiet panic=-1`;
  const run = ["-accel", hardware.name, "-cpu", hardware.cpu, "-kernel", kernel, "-append", words];
  const args = [...machine, ...common, ...run];
  const end = await runGuest({ program: qemu.path, args, deadlineMs: kernelDeadlineMs, signal });
  if (end.output.includes("Kernel panic")) return "";
  if (end.late) return `runs a guest of ten instructions, but no kernel within ${kernelDeadlineMs / 1000} s`;
  return verdictOf({ ...end, code: end.code === 0 ? null : end.code });
}

/** Arguments of the test guest; it ends QEMU with status 33 (amd64) or 0 (arm64). */
export function probeArguments(arch: "amd64" | "arm64", hardware: Accelerator, kernel: string): string[] {
  const common = ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-m", "64M"];
  const processor = ["-accel", hardware.name, "-cpu", hardware.cpu];
  if (arch === "amd64") {
    const exit = ["-device", "isa-debug-exit,iobase=0x501,iosize=1"];
    return ["-machine", "q35", "-vga", "none", ...common, ...processor, "-kernel", kernel, ...exit];
  }
  const load = ["-device", `loader,file=${kernel.replaceAll(",", ",,")},addr=0x40000000,cpu-num=0,force-raw=on`];
  return ["-machine", "virt", ...common, ...processor, ...load];
}

interface GuestEnd {
  readonly code: number | null;
  readonly late: boolean;
  readonly output: string;
}

interface GuestRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

function runGuest({ program, args, deadlineMs, signal }: GuestRun): Promise<GuestEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGKILL" });
    let output = "";
    let late = false;
    const keep = (text: string) => {
      output = (output + text).slice(-2_000);
    };
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, deadlineMs);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.once("error", (error) => {
      keep(`could not be run: ${error.message}`);
      resolve({ code: null, late, output });
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, late, output });
    });
  });
}

/** The failure in words, empty for a guest that ran. */
export function verdictOf(end: GuestEnd): string {
  if (end.late) return `started a test guest that did not run within ${probeDeadlineMs / 1000} s`;
  if (end.code === 33 || (end.code === 0 && end.output === "")) return "";
  const lines = end.output.split("\n").filter((line) => line.trim() !== "" && !line.includes("Assertion"));
  const told = lines.map((line) => line.replace(/^\S*qemu-system-\S+: /, "").trim()).join("; ");
  return `does not work here (${told === "" ? `QEMU ended with status ${end.code}` : told})`;
}
