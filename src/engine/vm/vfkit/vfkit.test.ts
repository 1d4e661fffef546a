import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GuestSpec } from "../driver.ts";
import { unusablePath, vfkitArguments } from "./arguments.ts";
import { conditionOf, vfkitControl } from "./control.ts";
import { vfkitDriver } from "./vfkit-driver.ts";

const spec: GuestSpec = {
  name: "longshore-1",
  cpus: 4,
  memoryBytes: 2 ** 31,
  kernel: "/i/Image",
  initrd: "/i/initrd.cpio",
  root: "/i/root.erofs",
  data: "/d/data.raw",
  config: "/m/config.raw",
  kernelCommandLine: "console=hvc0 quiet",
  consoleLog: "/l/console.log",
  hypervisorLog: "/l/hypervisor.log",
  runDir: "/r",
  shares: [{ tag: "share0", path: "/Users/me/code", readOnly: false }],
  ssh: { clientKey: "", hostKey: "" },
};

describe("vfkitArguments", () => {
  it("are these", () => {
    const bootloader = 'linux,kernel=/i/Image,initrd=/i/initrd.cpio,cmdline="console=hvc0 quiet longshore.vsock=1024"';
    const lines = [
      "--cpus 4 --memory 2048 --bootloader BOOTLOADER --restful-uri unix:///r/vfkit.sock",
      "--device virtio-blk,path=/i/root.erofs,deviceId=root",
      "--device virtio-blk,path=/d/data.raw,deviceId=data",
      "--device virtio-blk,path=/m/config.raw,deviceId=config",
      "--device virtio-net,nat,mac=52:54:00:4c:53:02",
      "--device virtio-vsock,port=1024,socketURL=/r/ssh.sock,connect",
      "--device virtio-serial,logFilePath=/l/console.log",
      "--device virtio-rng --device virtio-balloon",
      "--device virtio-fs,sharedDir=/Users/me/code,mountTag=share0",
    ];
    const words = lines.flatMap((line) => line.split(" "));
    expect(vfkitArguments(spec)).toEqual(words.map((word) => (word === "BOOTLOADER" ? bootloader : word)));
  });

  it("cannot hold a comma", () => {
    expect(unusablePath(spec)).toBeUndefined();
    expect(unusablePath({ ...spec, data: "/d/a,b.raw" })).toBe("/d/a,b.raw");
  });
});

describe("vfkit's REST interface", () => {
  it("is read and told to stop", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vfkit-"));
    const asked: string[] = [];
    const server = createServer((message, answer) => {
      message.on("data", (chunk: Buffer) => asked.push(chunk.toString()));
      message.on("end", () => answer.end('{"state":"VirtualMachineStateRunning","canStart":false}'));
    });
    const socket = join(folder, "s");
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const control = vfkitControl(socket);
    expect(await control.condition()).toBe("running");
    await control.stop();
    expect(asked).toEqual(['{"state":"Stop"}']);
    await new Promise((resolve) => server.close(resolve));
    await expect(control.condition()).rejects.toMatchObject({ code: "unavailable" });
    await rm(folder, { recursive: true });
  });

  it("knows the states by name", () => {
    expect(conditionOf("VirtualMachineStatePaused")).toBe("paused");
    expect(conditionOf("VirtualMachineStateStopped")).toBe("paused");
  });
});

describe("a fake vfkit", () => {
  let folder: string;
  let program: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vfkit-"));
    program = join(folder, "vfkit");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const machine = (): GuestSpec => ({
    ...spec,
    runDir: folder,
    consoleLog: join(folder, "console.log"),
    hypervisorLog: join(folder, "vfkit.log"),
  });
  const install = async (script: string): Promise<void> => {
    await writeFile(program, `#!/usr/bin/env node\n${script}`);
    await chmod(program, 0o755);
  };
  const never = new AbortController().signal;

  it("is started, asked for its condition, and ended", async () => {
    await install(`if (process.argv[2] === "--version") console.log("vfkit version: v0.6.1");
else require("node:http").createServer((_, answer) => answer.end('{"state":"VirtualMachineStateRunning"}'))
  .listen(process.argv[process.argv.indexOf("--restful-uri") + 1].slice("unix://".length));`);
    const guest = await vfkitDriver({ program }).start(machine(), never);
    expect(guest.record).toMatchObject({ driver: "vfkit", driverVersion: "0.6.1", accelerator: "vz" });
    expect(await guest.condition()).toBe("running");
    await guest.kill();
    expect(await guest.ended).toBe("signal SIGKILL");
    await expect(guest.condition()).rejects.toThrow("vfkit has ended");
  });

  it("that ends at once is told", async () => {
    await install("process.exit(3);");
    await expect(vfkitDriver({ program }).start(machine(), never)).rejects.toThrow("ended at once (status 3)");
  });
});
