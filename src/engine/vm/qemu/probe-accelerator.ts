import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { dirname, join } from "node:path";
import type { Accelerator } from "./arguments.ts";
import type { QemuProgram } from "./find-qemu.ts";

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
  readonly signal: AbortSignal;
}

/** A guest on hardware leaves the firmware in well under a second; a lying device never does. */
const probeDeadlineMs = 4_000;

/**
 * The accelerator to use. A device that opens proves nothing, so a guest of ten instructions is really run,
 * with a deadline; the verdict is remembered for this kernel and this QEMU.
 */
export async function probeAccelerator(options: ProbeOptions): Promise<AcceleratorVerdict> {
  const hardware = hardwareOf(process.platform, options.arch);
  const software: Accelerator = { name: "tcg", cpu: "max" };
  if (options.wish === "software") return { accelerator: software, reason: "Software emulation, as set." };
  if (!hardware) return { accelerator: software, reason: `Software emulation: none other for ${process.platform}.` };
  const failure = await rememberedFailure(options, hardware);
  if (failure === "") return { accelerator: hardware, reason: `${hardware.name.toUpperCase()} ran a test guest.` };
  const reason = `Software emulation: ${hardware.name.toUpperCase()} ${failure}.`;
  return { accelerator: software, reason };
}

/** Remembers that hardware acceleration failed in earnest, so that the next start does without it. */
export async function rememberFailure(options: ProbeOptions, failure: string): Promise<void> {
  const verdicts = await readVerdicts(options.memory);
  verdicts[verdictKey(options)] = failure;
  await mkdir(dirname(options.memory), { recursive: true });
  const temporary = `${options.memory}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(verdicts, undefined, 2));
  await rename(temporary, options.memory);
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
  const known = options.wish === "auto" ? (await readVerdicts(options.memory))[verdictKey(options)] : undefined;
  if (known !== undefined) return known;
  const failure = await runProbe(options, hardware);
  await rememberFailure(options, failure);
  return failure;
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
    return await judge(qemu.path, probeArguments(arch, hardware, kernel), signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

function judge(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], signal, killSignal: "SIGKILL" });
    let output = "";
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, probeDeadlineMs);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-2_000);
    });
    child.once("error", (error) => resolve(`could not be tried (${error.message})`));
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve(verdictOf({ code, late, output }));
    });
  });
}

/** The failure in words, empty for a guest that ran. */
export function verdictOf(end: { code: number | null; late: boolean; output: string }): string {
  if (end.late) return `started a test guest that did not run within ${probeDeadlineMs / 1000} s`;
  if (end.code === 33 || (end.code === 0 && end.output === "")) return "";
  const lines = end.output.split("\n").filter((line) => line.trim() !== "" && !line.includes("Assertion"));
  const told = lines.map((line) => line.replace(/^\S*qemu-system-\S+: /, "").trim()).join("; ");
  return `does not work here (${told === "" ? `QEMU ended with status ${end.code}` : told})`;
}

/**
 * A whole kernel in 266 bytes: an ELF file whose note names the PVH entry, where the code writes 0x10 to the
 * port of QEMU's `isa-debug-exit` (mov dx,0x501; mov al,0x10; out dx,al; hlt; jmp).
 */
export function probeKernelAmd64(): Buffer {
  const base = 0x10_0000;
  const code = Buffer.from("66ba0105b010eef4ebfd", "hex");
  const image = Buffer.alloc(0x100 + code.length);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  image.writeUInt16LE(2, 16);
  image.writeUInt16LE(62, 18);
  image.writeUInt32LE(1, 20);
  image.writeBigUInt64LE(BigInt(base + 0x100), 24);
  image.writeBigUInt64LE(64n, 32);
  for (const [index, value] of [64, 56, 2].entries()) image.writeUInt16LE(value, 52 + 2 * index);
  writeSegment(image, 64, { type: 1, flags: 7, offset: 0, address: base, size: image.length, align: 0x1000 });
  writeSegment(image, 120, { type: 4, flags: 4, offset: 176, address: base + 176, size: 20, align: 4 });
  for (const [index, value] of [4, 4, 18].entries()) image.writeUInt32LE(value, 176 + 4 * index);
  image.write("Xen\0", 188, "latin1");
  image.writeUInt32LE(base + 0x100, 192);
  code.copy(image, 0x100);
  return image;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly align: number;
}

function writeSegment(image: Buffer, at: number, segment: Segment): void {
  image.writeUInt32LE(segment.type, at);
  image.writeUInt32LE(segment.flags, at + 4);
  const { offset, address, size, align } = segment;
  for (const [index, value] of [offset, address, address, size, size, align].entries()) {
    image.writeBigUInt64LE(BigInt(value), at + 8 + 8 * index);
  }
}

/** mov w0,#PSCI SYSTEM_OFF (0x84000008); hvc #0; b . */
export function probeKernelArm64(): Buffer {
  return Buffer.from("000180520080b072020000d400000014", "hex");
}
