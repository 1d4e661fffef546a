import { join } from "node:path";
import type { GuestSpec } from "../driver.ts";
import { edgeMac } from "../qemu/arguments.ts";

/** Port of the guest's ssh on the virtual socket; the guest serves it where its command line says so. */
export const guestSshPort = 1024;

export function sshSocket(runDir: string): string {
  return join(runDir, "ssh.sock");
}

export function controlSocket(runDir: string): string {
  return join(runDir, "vfkit.sock");
}

/**
 * Arguments of vfkit (https://github.com/crc-org/vfkit/blob/main/doc/usage.md). The management way is a
 * virtual socket and no network; the containers' network is the system's own NAT.
 */
export function vfkitArguments(spec: GuestSpec): string[] {
  const commandLine = `${spec.kernelCommandLine} longshore.vsock=${guestSshPort}`;
  return [
    ["--cpus", String(spec.cpus), "--memory", String(Math.floor(spec.memoryBytes / 2 ** 20))],
    ["--bootloader", `linux,kernel=${spec.kernel},initrd=${spec.initrd},cmdline="${commandLine}"`],
    ["--restful-uri", `unix://${controlSocket(spec.runDir)}`],
    device(`virtio-blk,path=${spec.root},deviceId=root`),
    device(`virtio-blk,path=${spec.data},deviceId=data`),
    device(`virtio-blk,path=${spec.config},deviceId=config`),
    device(`virtio-net,nat,mac=${edgeMac}`),
    device(`virtio-vsock,port=${guestSshPort},socketURL=${sshSocket(spec.runDir)},connect`),
    device(`virtio-serial,logFilePath=${spec.consoleLog}`),
    device("virtio-rng"),
    device("virtio-balloon"),
    ...spec.shares.map((share) => device(`virtio-fs,sharedDir=${share.path},mountTag=${share.tag}`)),
  ].flat();
}

function device(options: string): string[] {
  return ["--device", options];
}

/** vfkit splits its options at commas and knows no way to write one. */
export function unusablePath(spec: GuestSpec): string | undefined {
  const paths = [spec.kernel, spec.initrd, spec.root, spec.data, spec.config, spec.consoleLog, spec.runDir];
  return [...paths, ...spec.shares.map(({ path }) => path)].find((path) => path.includes(","));
}
