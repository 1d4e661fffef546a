import type { Duplex } from "node:stream";

/** What a hypervisor is told to run. Paths are absolute; every file exists before `start`. */
export interface GuestSpec {
  /** Stable name of the machine; a process is recognised by it. */
  readonly name: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
  /** Raw, sparse, writable. */
  readonly data: string;
  /** Raw tar with the guest's configuration, read-only. */
  readonly config: string;
  readonly kernelCommandLine: string;
  /** File that receives the guest's console. */
  readonly consoleLog: string;
  /** File that receives what the hypervisor itself prints. */
  readonly hypervisorLog: string;
  /** Folder of mode 0700 for sockets; short enough for a socket path. */
  readonly runDir: string;
  readonly shares: readonly GuestShare[];
  readonly ssh: SshIdentity;
  /** Resume from this state file instead of booting. */
  readonly resumeFrom?: string;
}

export interface GuestShare {
  readonly tag: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** Keys with which the host and the guest know each other. */
export interface SshIdentity {
  /** Private key of the host side, OpenSSH format. */
  readonly clientKey: string;
  /** Public key of the guest in ssh wire format, base64. */
  readonly hostKey: string;
}

/** How one process is told from another that later got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system tells it; equal strings mean the same process. */
  readonly startTime: string;
}

/** All that is needed to find a running guest again after the app has crashed. Kept as JSON. */
export interface RunRecord {
  readonly driver: DriverName;
  readonly name: string;
  readonly process?: ProcessIdentity | undefined;
  readonly runDir: string;
  readonly sshPort?: number | undefined;
  /** Version of the hypervisor, accelerator and why it was chosen. */
  readonly driverVersion: string;
  readonly accelerator: string;
  readonly reason: string;
}

export type DriverName = "qemu" | "vfkit" | "wsl";

export type DriverVerdict =
  | { readonly usable: true; readonly version: string; readonly accelerator: string; readonly reason: string }
  | { readonly usable: false; readonly reason: string };

/**
 * One hypervisor. A driver holds no state of its own: all methods may be called in any order and at the
 * same time, except that the caller holds the machine's lock around `start`, so that one disk has one guest.
 */
export interface Driver {
  readonly name: DriverName;
  /** Whether this driver can run a guest here. Idempotent; a dear answer is remembered. Ends within 30 s. */
  probe(signal: AbortSignal): Promise<DriverVerdict>;
  /**
   * Starts a guest and returns when its hypervisor answers, not when the guest does. Not idempotent: a
   * second call is a second guest. When it throws or is aborted, nothing is left running.
   */
  start(spec: GuestSpec, signal: AbortSignal): Promise<Guest>;
  /**
   * Told when a guest died at once under hardware acceleration: from then on it does without. False where it
   * did without already, or always does. Idempotent.
   */
  distrustAcceleration?(why: string): Promise<boolean>;
  /** Takes over a guest that outlived the app; undefined when it is gone. Idempotent. */
  adopt(record: RunRecord, spec: Pick<GuestSpec, "ssh" | "consoleLog">): Promise<Guest | undefined>;
}

/** A guest that runs. Every method may be called at any time; after the end they fail with `unavailable`. */
export interface Guest {
  readonly record: RunRecord;
  readonly link: GuestLink;
  /** Resolves once, when the hypervisor has ended, with how. Never rejects. */
  readonly ended: Promise<string>;
  /** Asks the guest to shut down cleanly and returns at once; idempotent. */
  powerDown(): Promise<void>;
  /** Ends the hypervisor as if the power were cut, and returns when it is gone; idempotent. */
  kill(): Promise<void>;
  /** Ends the app's connections to it; the guest runs on and can be adopted. Idempotent; the last call. */
  release(): void;
  /** What the hypervisor says of itself, within 2 s: `running`, `paused`, `no-space`, `failed` (it will not
   * go on: acceleration that cannot run this guest) or `hung`. */
  condition(): Promise<GuestCondition>;
  readonly abilities: GuestAbilities;
}

export type GuestCondition = "running" | "paused" | "no-space" | "failed" | "hung";

/** Absent means that this hypervisor cannot; nobody calls a method that only throws. */
export interface GuestAbilities {
  readonly suspend?: Suspend;
  readonly diskResize?: DiskResize;
  readonly portForwarding?: PortForwarding;
  readonly balloon?: Balloon;
  /** Goes on after the host had run out of space. */
  readonly continueAfterSpace?: () => Promise<void>;
}

export interface Suspend {
  /** Writes memory and devices to `file` and ends the hypervisor. When it fails, the guest runs on. */
  suspendTo(file: string, signal: AbortSignal): Promise<void>;
  /** After a `start` with `resumeFrom`: waits until the state is read, then lets the guest run. Once. */
  finishResume(signal: AbortSignal): Promise<void>;
}

export interface DiskResize {
  /** Tells the guest of a data disk file that has grown. Idempotent. */
  growDisk(sizeBytes: number): Promise<void>;
}

export interface Balloon {
  /** Memory that the guest may use; it can be given back with a larger number. Idempotent. */
  setMemory(sizeBytes: number): Promise<void>;
}

export interface ForwardRule {
  readonly protocol: "tcp" | "udp";
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guestPort: number;
  /** True for a port that the container publishes on the guest's loopback only. */
  readonly loopback: boolean;
}

/** Calls are queued by the implementation. A rule that is there already, or gone already, is no error. */
export interface PortForwarding {
  listForwards(): Promise<readonly ForwardRule[]>;
  /** Throws `conflict` when the host refuses the port. */
  addForward(rule: ForwardRule): Promise<void>;
  removeForward(rule: ForwardRule): Promise<void>;
}

/** The way into the guest. Reconnects by itself; every call has a deadline of its own. */
export interface GuestLink {
  /** A connection to the guest's Docker socket; ending one half leaves the other open. */
  dialDocker(signal?: AbortSignal): Promise<Duplex>;
  /** Runs `longshore-guest <words>` and returns what it prints. Throws `timeout` or `internal`. */
  runGuest(words: readonly string[], timeoutMs?: number): Promise<string>;
  /** Gives up a connection to Docker that is kept ready for the next use; idempotent, and undone by the next use. */
  dropSpare(): void;
  /** Ends all connections; idempotent. */
  close(): void;
}
