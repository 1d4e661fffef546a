import { basename } from "node:path";
import type { LongshoreHandlers } from "#contract";
import type { TaskHub } from "../tasks/hub.ts";
import type { Machine } from "../vm/create-machine.ts";

/** The long jobs on the data disk, which run as tasks. */
function diskJobs(
  opened: Promise<Machine>,
  tasks: TaskHub,
): Pick<LongshoreHandlers["machine"], "exportDisk" | "importDisk"> {
  return {
    exportDisk: async ({ path }) => {
      const machine = await opened;
      const subject = basename(path);
      const ifInterrupted = `The export to ${path} was cut off. The disk is as it was; export it again.`;
      const taskId = tasks.start({ kind: "disk_export", subject, ifInterrupted }, async (task) => {
        await machine.exportDisk(path, task);
        return { summary: `The data disk was exported to ${path}.`, facts: { path } };
      });
      return { taskId };
    },
    importDisk: async ({ path }) => {
      const machine = await opened;
      const ifInterrupted = `The import of ${path} was cut off. The machine has the disk that it had; import it again.`;
      const taskId = tasks.start({ kind: "disk_import", subject: basename(path), ifInterrupted }, async (task) => {
        await machine.importDisk(path, task);
        return { summary: `The machine uses the disk of ${path}.`, facts: { path } };
      });
      return { taskId };
    },
  };
}

/** Handlers of `machine`. Errors of every one: why the machine cannot be driven here, where that is so. */
export function machineHandlers(opened: Promise<Machine>, tasks: TaskHub): LongshoreHandlers["machine"] {
  const done = async (work: (machine: Machine) => Promise<unknown>) => {
    await work(await opened);
    return {};
  };
  async function* stream<T>(open: (machine: Machine) => AsyncIterable<T>): AsyncGenerator<T> {
    yield* open(await opened);
  }
  return {
    watch: (_input, signal) => stream((machine) => machine.watch(signal)),
    console: (_input, signal) => stream((machine) => machine.console(signal)),
    usage: (_input, signal) => stream((machine) => machine.usage(signal)),
    start: () => done((machine) => machine.start()),
    stop: () => done((machine) => machine.stop()),
    suspend: () => done((machine) => machine.suspend()),
    resume: () => done((machine) => machine.resume()),
    openTerminal: () => done((machine) => machine.openTerminal()),
    trim: async () => (await opened).trim(),
    repair: async ({ repair }) => (await opened).repair(repair),
    diffSettings: async ({ settings }) => ({ changes: (await opened).diffSettings(settings) }),
    applySettings: async ({ settings }) => ({ changes: await (await opened).applySettings(settings) }),
    factoryReset: async ({ confirm }) => (await opened).factoryReset(confirm),
    ...diskJobs(opened, tasks),
    listDisks: async () => ({ disks: await (await opened).listDisks() }),
    useDisk: ({ id }) => done((machine) => machine.useDisk(id)),
    deleteDisk: ({ id, confirm }) => done((machine) => machine.deleteDisk(id, confirm)),
    inventory: async () => (await opened).inventory(),
  };
}
