import type { LongshoreHandlers } from "#contract";
import type { Machine } from "../vm/create-machine.ts";

/** Handlers of `machine`. Errors of every one: why the machine cannot be driven here, where that is so. */
export function machineHandlers(opened: Promise<Machine>): LongshoreHandlers["machine"] {
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
    exportDisk: async ({ path }) => (await opened).exportDisk(path),
    importDisk: ({ path }) => done((machine) => machine.importDisk(path)),
    listDisks: async () => ({ disks: await (await opened).listDisks() }),
    useDisk: ({ id }) => done((machine) => machine.useDisk(id)),
    deleteDisk: ({ id, confirm }) => done((machine) => machine.deleteDisk(id, confirm)),
    inventory: async () => (await opened).inventory(),
  };
}
