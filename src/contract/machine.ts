import { z } from "zod";
import { nothing } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";
import { startedTask } from "./tasks.ts";

/** The steps of a start, in the order of the time line. Some of the guest's steps run side by side. */
export const machineStepNames = [
  "image",
  "disk",
  "hypervisor",
  "memory",
  "kernel",
  "modules",
  "data-disk",
  "network",
  "containerd",
  "dockerd",
  "ssh",
  "api",
  "forwards",
] as const;

export const machineStepName = z.enum(machineStepNames);
export type MachineStepName = z.infer<typeof machineStepName>;

/** One line of the start-up view. Times are milliseconds; `startedAtMs` counts from the start of the whole. */
export const machineStep = z.object({
  name: machineStepName,
  status: z.enum(["pending", "active", "done", "failed"]),
  startedAtMs: z.number().optional(),
  durationMs: z.number().optional(),
  /** After this long the step counts as failed. */
  deadlineMs: z.number(),
  detail: z.string().optional(),
});
export type MachineStep = z.infer<typeof machineStep>;

/** What the user can do about a broken machine; each is one button and one call of `machine.repair`. */
export const machineRepairs = [
  "start-again",
  "check-disk",
  "rebuild-network",
  "recreate-machine",
  "continue-after-space",
  "use-software-emulation",
  "use-older-image",
  "collect-diagnostics",
] as const;

export const machineRepair = z.enum(machineRepairs);
export type MachineRepair = z.infer<typeof machineRepair>;

/** A published port of a container and what became of it on the host. */
export const portForward = z.object({
  protocol: z.enum(["tcp", "udp"]),
  hostAddress: z.string(),
  hostPort: z.int(),
  /** Port on which the guest's dockerd published it; the same number as the host's. */
  guestPort: z.int(),
  container: z.string(),
  status: z.enum(["open", "refused"]),
  /** Why it was refused, with the name of the program that holds the port where that could be found. */
  why: z.string().optional(),
});
export type PortForward = z.infer<typeof portForward>;

/** How a machine runs: hypervisor, acceleration and why these were chosen, in words for the screen. */
export const machineRuntime = z.object({
  driver: z.enum(["qemu", "vfkit", "wsl"]),
  driverVersion: z.string(),
  accelerator: z.string(),
  reason: z.string(),
  imageId: z.string(),
  /** True where the machine had outlived an earlier run of the app and was taken over. */
  adopted: z.boolean(),
});
export type MachineRuntime = z.infer<typeof machineRuntime>;

/** The one state of the machine. Times are milliseconds since 1970. */
export const machineState = z.discriminatedUnion("status", [
  /** There is no data disk yet; the first start makes one. */
  z.object({ status: z.literal("absent") }),
  z.object({ status: z.literal("stopped"), note: z.string().optional() }),
  z.object({
    status: z.literal("starting"),
    startedAt: z.number(),
    step: machineStepName,
    steps: z.array(machineStep),
    note: z.string().optional(),
  }),
  z.object({
    status: z.literal("running"),
    startedAt: z.number(),
    /** How long the last start or resume took. */
    startMs: z.number(),
    runtime: machineRuntime,
    steps: z.array(machineStep),
    forwards: z.array(portForward),
    /** What the user should know, for example that a resume fell back to a cold start and why. */
    notices: z.array(z.string()),
  }),
  z.object({ status: z.literal("suspending"), startedAt: z.number() }),
  z.object({ status: z.literal("suspended"), suspendedAt: z.number(), sizeBytes: z.number() }),
  z.object({
    status: z.literal("resuming"),
    startedAt: z.number(),
    step: machineStepName,
    steps: z.array(machineStep),
  }),
  z.object({ status: z.literal("stopping"), startedAt: z.number() }),
  z.object({
    status: z.literal("broken"),
    since: z.number(),
    /** What happened, to what, and what to do next. */
    why: z.string(),
    /** The best repair, and the others that may help. */
    repair: machineRepair,
    repairs: z.array(machineRepair),
    failedStep: machineStepName.optional(),
    steps: z.array(machineStep),
  }),
]);
export type MachineState = z.infer<typeof machineState>;

export const sharedFolder = z.object({
  /** Absolute path on the host; it is mounted at the same path in the guest. */
  path: z.string().min(1).max(4096),
  readOnly: z.boolean().default(false),
});
export type SharedFolder = z.infer<typeof sharedFolder>;

const proxySetting = z.discriminatedUnion("mode", [
  z.object({ mode: z.literal("host") }),
  z.object({ mode: z.literal("none") }),
  z.object({ mode: z.literal("manual"), http: z.string(), https: z.string(), no: z.string() }),
]);

/** The settings of the machine, with their defaults. Sizes in bytes. */
export const machineSettings = z.object({
  cpus: z.int().min(1).max(256).default(2),
  memoryBytes: z
    .number()
    .min(512 * 2 ** 20)
    .default(2 * 2 ** 30),
  /** Greatest size of the data disk; the file itself takes only what is used. */
  diskBytes: z
    .number()
    .min(2 * 2 ** 30)
    .default(64 * 2 ** 30),
  sharedFolders: z.array(sharedFolder).max(32).default([]),
  /** `auto` probes; the others force. */
  accelerator: z.enum(["auto", "hardware", "software"]).default("auto"),
  driver: z.enum(["auto", "qemu", "vfkit", "wsl"]).default("auto"),
  /** Opens exactly `host.docker.internal` for containers. */
  hostAccess: z.boolean().default(false),
  proxy: proxySetting.default({ mode: "host" }),
  /** Name servers; empty follows the host. */
  dns: z.array(z.string()).max(8).default([]),
  /** Minutes without running containers after which the machine is suspended; 0 is never. */
  idleMinutes: z.int().min(0).max(1440).default(0),
  /** Whether the docker CLI gets a context named `longshore`. */
  dockerContext: z.boolean().default(true),
  /** Image to boot; absent is the newest. */
  imageId: z.string().optional(),
  /** What becomes of a running machine when Longshore quits. */
  onQuit: z.enum(["suspend", "stop", "leave"]).default("suspend"),
});
export type MachineSettings = z.infer<typeof machineSettings>;

/** One change of a setting and what it takes to apply it. */
export const settingChange = z.object({
  setting: z.string(),
  from: z.string(),
  to: z.string(),
  effect: z.enum(["now", "restart", "copy-disk"]),
});
export type SettingChange = z.infer<typeof settingChange>;

/** A data disk that no machine uses, or one in the trash. */
export const storedDisk = z.object({
  id: z.string(),
  path: z.string(),
  place: z.enum(["orphan", "trash"]),
  /** What the file takes on the host. */
  sizeBytes: z.number(),
  modifiedAt: z.number(),
  /** When the trash is emptied of it; only in the trash. */
  deleteAt: z.number().optional(),
  why: z.string().optional(),
});
export type StoredDisk = z.infer<typeof storedDisk>;

/** Ids of everything on a data disk, sorted; what must be the same before and after an upgrade. */
export const inventory = z.object({
  containers: z.array(z.string()),
  images: z.array(z.string()),
  volumes: z.array(z.string()),
});
export type Inventory = z.infer<typeof inventory>;

/** The machine with everything the screen shows beside its state. */
export const machineView = z.object({
  state: machineState,
  settings: machineSettings,
  /** Path of the Docker socket for other tools. */
  socket: z.string(),
  /** What has to be typed so that other tools use this engine. */
  exportLine: z.string(),
  /** Whether `openTerminal` can work on this computer. */
  canOpenTerminal: z.boolean(),
  images: z.array(z.object({ id: z.string(), createdAt: z.number(), arch: z.string(), current: z.boolean() })),
  /** The data disk in use: its id, its greatest size, and what its file takes on the host. */
  disk: z.object({ id: z.string(), maxBytes: z.number(), onHostBytes: z.number() }).optional(),
});
export type MachineView = z.infer<typeof machineView>;

/** What the machine takes now; what cannot be measured here is absent. Sizes in bytes. */
export const machineUsage = z.object({
  guestMemory: z.object({ totalBytes: z.number(), usedBytes: z.number() }).optional(),
  /** What the hypervisor holds of the host's memory. */
  hostMemoryBytes: z.number().optional(),
  /** The data disk's file system, seen from the guest. */
  guestDisk: z.object({ totalBytes: z.number(), usedBytes: z.number() }).optional(),
  /** What the data disk's file takes on the host. */
  hostDiskBytes: z.number().optional(),
  /** The host itself: what the settings can be chosen from. */
  host: z.object({ cpus: z.int(), memoryBytes: z.number(), freeDiskBytes: z.number() }),
});
export type MachineUsage = z.infer<typeof machineUsage>;

const done = z.object({});

export const machine = {
  /** The view now and after each change. */
  watch: stream(nothing, machineView),
  /** Lines of the guest's console and of the machine's own log, from the start of this run on. */
  console: stream(nothing, z.object({ text: z.string() })),
  /** Returns when the API answers. Errors: unavailable with the reason, cancelled by a stop. */
  start: call(nothing, done),
  /** The use now and every few seconds, while somebody looks. */
  usage: stream(nothing, machineUsage),
  /** Gives free blocks of the data disk back to the host now. Errors: unavailable while the machine does not run. */
  trim: call(nothing, z.object({ freedBytes: z.number() })),
  /** Opens a terminal on the engine's computer whose `DOCKER_HOST` is this engine. Errors: unavailable. */
  openTerminal: call(nothing, done),
  stop: call(nothing, done),
  suspend: call(nothing, done),
  resume: call(nothing, done),
  repair: call(z.object({ repair: machineRepair }), z.object({ message: z.string(), path: z.string().optional() })),
  /** What a change of the settings would do, without doing it. */
  diffSettings: call(z.object({ settings: machineSettings }), z.object({ changes: z.array(settingChange) })),
  /** Applies and, where needed, restarts; a smaller disk is copied, checked and swapped in. */
  applySettings: call(z.object({ settings: machineSettings }), z.object({ changes: z.array(settingChange) })),
  /** Moves the disk to the trash. `confirm` must be the machine's name, `longshore`. */
  factoryReset: call(z.object({ confirm: z.string() }), z.object({ trashedDisk: z.string().optional() })),
  /** Stops the machine if it runs; writes a compressed copy of the data disk to `path`, which must not exist. */
  exportDisk: call(z.object({ path: z.string() }), startedTask),
  /** The present disk becomes an orphan, never deleted. */
  importDisk: call(z.object({ path: z.string() }), startedTask),
  listDisks: call(nothing, z.object({ disks: z.array(storedDisk) })),
  /** Uses a disk of the list in place of the present one, which becomes an orphan. */
  useDisk: call(z.object({ id: z.string() }), done),
  /** Deletes a disk of the list for good; `confirm` is its id. */
  deleteDisk: call(z.object({ id: z.string(), confirm: z.string() }), done),
  inventory: call(nothing, inventory),
} as const;
