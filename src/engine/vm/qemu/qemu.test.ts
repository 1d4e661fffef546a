import { describe, expect, it } from "vitest";
import type { GuestSpec } from "../driver.ts";
import { qemuArguments } from "./arguments.ts";
import { isAtLeast, parseVersion } from "./find-qemu.ts";
import { parseSshPort, parseUsernet } from "./forwards.ts";
import { stateAddress } from "./migrate.ts";
import { emulatedCpu, hardwareOf, probeArguments, verdictOf } from "./probe-accelerator.ts";
import { probeKernelAmd64, probeKernelArm64 } from "./probe-guest.ts";

const spec: GuestSpec = {
  name: "longshore-1",
  cpus: 2,
  memoryBytes: 2 ** 31,
  kernel: "/i/vmlinux",
  initrd: "/i/initrd.cpio",
  root: "/i/root.erofs",
  data: "/h/a, b/data.raw",
  config: "/h/config.raw",
  kernelCommandLine: "console=hvc0 quiet",
  consoleLog: "/l/console.log",
  hypervisorLog: "/l/hypervisor.log",
  runDir: "/r",
  shares: [{ tag: "share0", path: "/home/me/x,y", readOnly: true }],
  ssh: { clientKey: "", hostKey: "" },
};

describe("qemuArguments", () => {
  const linux = { spec, arch: "amd64", accelerator: { name: "tcg", cpu: "max" }, control: "/r/qemu.sock" } as const;

  it("keeps the management network from the host and from the containers' network", () => {
    const args = qemuArguments(linux);
    expect(args).toContain("user,id=mgmt,restrict=on,ipv6=off,net=10.0.3.0/24,hostfwd=tcp:127.0.0.1:0-10.0.3.15:22");
    expect(args).toContain("user,id=edge,ipv6=off,net=10.0.2.0/24");
    expect(args.filter((arg) => arg.startsWith("user,"))).toHaveLength(2);
  });

  it("doubles commas of paths, so that none becomes an option", () => {
    const args = qemuArguments(linux);
    expect(args.some((arg) => arg.startsWith("file=/h/a,, b/data.raw,if=none"))).toBe(true);
    expect(args).toContain("local,id=share0,path=/home/me/x,,y,security_model=none,multidevs=remap,readonly=on");
  });

  it("waits for a state only where there is one", () => {
    expect(qemuArguments(linux)).not.toContain("-incoming");
    const resumed = qemuArguments({ ...linux, spec: { ...spec, resumeFrom: "/m/suspended.state" } });
    expect(resumed.slice(-2)).toEqual(["-incoming", "defer"]);
  });

  it("fits Apple silicon and Windows", () => {
    const mac = qemuArguments({ ...linux, arch: "arm64", accelerator: { name: "hvf", cpu: "host" } });
    expect(mac.join(" ")).toContain("-machine virt -accel hvf -cpu host");
    expect(mac).not.toContain("-vga");
    const pipe = qemuArguments({
      ...linux,
      accelerator: { name: "whpx", cpu: "max" },
      control: "\\\\.\\pipe\\l-control",
    });
    expect(pipe).toContain("pipe,id=control,path=l-control");
    expect(pipe.join(" ")).toContain("-accel whpx -cpu max");
  });
});

describe("the accelerator's probe", () => {
  it("is a small ELF file for PVH, and sixteen bytes for arm64", () => {
    const kernel = probeKernelAmd64();
    expect(kernel.length).toBe(266);
    expect(kernel.subarray(0, 4).toString("latin1")).toBe("\x7fELF");
    expect(kernel.subarray(188, 192).toString("latin1")).toBe("Xen\0");
    expect(probeKernelArm64()).toHaveLength(16);
    expect(probeArguments("arm64", { name: "hvf", cpu: "host" }, "/t/p").join(" ")).toContain("-machine virt");
  });

  it("tells a guest that ran from one that did not, in words", () => {
    expect(verdictOf({ code: 33, late: false, output: "" })).toBe("");
    expect(verdictOf({ code: null, late: true, output: "" })).toContain("did not run within 4 s");
    const aborted =
      "qemu-system-x86_64: error: failed to set MSR 0x10a to 0xc000069\nqemu-system-x86_64: ../target/i386/kvm/kvm.c: Assertion `ret == cpu->kvm_msr_buf->nmsrs' failed.\n";
    expect(verdictOf({ code: 134, late: false, output: aborted })).toBe(
      "does not work here (error: failed to set MSR 0x10a to 0xc000069)",
    );
  });

  it("promises no fast copying of bytes where each is emulated", () => {
    expect(emulatedCpu("amd64")).toBe("max,-erms,-fsrm");
    expect(emulatedCpu("arm64")).toBe("max");
  });

  it("knows what each system has", () => {
    const arch = process.arch === "arm64" ? "arm64" : "amd64";
    expect(hardwareOf("linux", arch)?.name).toBe("kvm");
    expect(hardwareOf("darwin", arch)?.name).toBe("hvf");
    expect(hardwareOf("win32", arch)?.name).toBe("whpx");
    expect(hardwareOf("linux", arch === "arm64" ? "amd64" : "arm64")).toBeUndefined();
  });
});

describe("versions", () => {
  it("are read and compared number by number", () => {
    expect(parseVersion("QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds)")).toBe("10.0.13");
    expect(parseVersion("nothing")).toBeUndefined();
    expect(isAtLeast("10.0.13", [8, 2])).toBe(true);
    expect(isAtLeast("7.2.22", [8, 2])).toBe(false);
    expect(isAtLeast("8.2", [8, 2])).toBe(true);
  });

  it("decide how a state is written, without a path in a shell", () => {
    expect(stateAddress("out", "10.0.13")).toBe("file:suspended.state");
    expect(stateAddress("out", "7.2.22")).toBe("exec:cat > suspended.state");
    expect(stateAddress("in", "7.2.22")).toBe("exec:cat suspended.state");
  });
});

/** Recorded from QEMU 10.0.13. */
const usernet = [
  "Hub -1 (mgmt):",
  "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ",
  "  TCP[ESTABLISHED]   9       127.0.0.1 33101       10.0.3.15    22     0     0",
  "  TCP[HOST_FORWARD]   3       127.0.0.1 33101       10.0.3.15    22     0     0",
  "Hub -1 (edge):",
  "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ",
  "  TCP[HOST_FORWARD]   3       127.0.0.1 18081       10.0.2.16    80     0     0",
  "  UDP[HOST_FORWARD]   8               * 18082       10.0.2.15    80     0     0",
  "",
].join("\r\n");

describe("info usernet", () => {
  it("gives the forwards of the containers' network and the port of the guest's ssh", () => {
    expect(parseUsernet(usernet)).toEqual([
      { protocol: "tcp", hostAddress: "127.0.0.1", hostPort: 18081, guestPort: 80, loopback: true },
      { protocol: "udp", hostAddress: "0.0.0.0", hostPort: 18082, guestPort: 80, loopback: false },
    ]);
    expect(parseSshPort(usernet)).toBe(33101);
    expect(parseSshPort("")).toBeUndefined();
  });
});
