import { join } from "node:path";
import type { GuestSpec } from "../driver.ts";

/** How the processor is run. */
export interface Accelerator {
  readonly name: "kvm" | "hvf" | "whpx" | "tcg";
  readonly cpu: string;
}

interface LaunchOptions {
  readonly spec: GuestSpec;
  readonly arch: "amd64" | "arm64";
  readonly accelerator: Accelerator;
  /** Where QEMU listens for its control protocol: a socket path, or a pipe's name on Windows. */
  readonly control: string;
}

export const managementMac = "52:54:00:4c:53:01";
export const edgeMac = "52:54:00:4c:53:02";

/** In QEMU's option strings a comma ends a value; a doubled one is a comma. */
export function quoteOption(value: string): string {
  return value.replaceAll(",", ",,");
}

/** Arguments of a virtual machine. Pure, so that the lines for other systems can be tested here. */
export function qemuArguments(options: LaunchOptions): string[] {
  const { spec, arch, accelerator } = options;
  return [
    ["-name", quoteOption(spec.name)],
    ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    arch === "amd64" ? ["-vga", "none"] : [],
    machineArguments(arch, accelerator),
    ["-smp", String(spec.cpus)],
    memoryArguments(spec),
    ["-kernel", spec.kernel, "-initrd", spec.initrd, "-append", spec.kernelCommandLine],
    diskArguments(spec),
    networkArguments(),
    consoleArguments(spec),
    ["-device", "virtio-balloon-pci,id=balloon,free-page-reporting=on"],
    ["-device", "virtio-rng-pci"],
    shareArguments(spec),
    controlArguments(options.control),
    spec.resumeFrom === undefined ? [] : ["-incoming", "defer"],
  ].flat();
}

function machineArguments(arch: "amd64" | "arm64", accelerator: Accelerator): string[] {
  const accel = accelerator.name === "tcg" ? "tcg,thread=multi,tb-size=512" : accelerator.name;
  const machine = arch === "amd64" ? "q35,vmport=off,hpet=off" : "virt";
  return ["-machine", machine, "-accel", accel, "-cpu", accelerator.cpu];
}

function memoryArguments(spec: GuestSpec): string[] {
  return ["-m", `${Math.floor(spec.memoryBytes / 2 ** 20)}M`];
}

function diskArguments(spec: GuestSpec): string[] {
  const root = `file=${quoteOption(spec.root)},if=none,id=root,format=raw,readonly=on`;
  const data = `file=${quoteOption(spec.data)},if=none,id=data,format=raw,discard=unmap,cache=writeback,aio=threads`;
  const config = `file=${quoteOption(spec.config)},if=none,id=config,format=raw,readonly=on`;
  return [
    ["-drive", root, "-device", "virtio-blk-pci,drive=root,serial=root"],
    ["-drive", data, "-device", "virtio-blk-pci,drive=data,id=data-device,serial=data"],
    ["-drive", config, "-device", "virtio-blk-pci,drive=config,serial=config"],
  ].flat();
}

/**
 * Two networks, so that no container shares one with the Docker API. `restrict=on` keeps everything that
 * gets hold of the management card from reaching the host; the one forward leads in, and asks for a key.
 * Its port is 0: the system chooses a free one, and `info usernet` tells which.
 */
function networkArguments(): string[] {
  const management = "user,id=mgmt,restrict=on,ipv6=off,net=10.0.3.0/24,hostfwd=tcp:127.0.0.1:0-10.0.3.15:22";
  return [
    ["-netdev", management, "-device", `virtio-net-pci,netdev=mgmt,mac=${managementMac},romfile=`],
    ["-netdev", "user,id=edge,ipv6=off,net=10.0.2.0/24"],
    ["-device", `virtio-net-pci,netdev=edge,mac=${edgeMac},romfile=`],
  ].flat();
}

function consoleArguments(spec: GuestSpec): string[] {
  return [
    ["-chardev", `file,id=console,path=${quoteOption(spec.consoleLog)},append=on`],
    ["-device", "virtio-serial-pci", "-device", "virtconsole,chardev=console"],
  ].flat();
}

/** 9p needs no second process and no shared memory; virtiofs was slower at reading in the trial. */
function shareArguments(spec: GuestSpec): string[] {
  return spec.shares.flatMap((share, index) => {
    const access = share.readOnly ? ",readonly=on" : "";
    const fs = `local,id=share${index},path=${quoteOption(share.path)},security_model=none,multidevs=remap${access}`;
    return ["-fsdev", fs, "-device", `virtio-9p-pci,fsdev=share${index},mount_tag=${share.tag}`];
  });
}

function controlArguments(control: string): string[] {
  const chardev = control.startsWith("\\\\.\\pipe\\")
    ? `pipe,id=control,path=${control.slice("\\\\.\\pipe\\".length)}`
    : `socket,id=control,path=${quoteOption(control)},server=on,wait=off`;
  return ["-chardev", chardev, "-mon", "chardev=control,mode=control"];
}

/** Where the control protocol is reached for a machine's run folder. */
export function controlAddress(runDir: string, name: string): string {
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}-control` : join(runDir, "qemu.sock");
}
