import type { machine as contract } from "#contract/machine.ts";
import type { Handlers } from "#contract/rpc/procedure.ts";
import type { Machine } from "../vm/create-machine.ts";

/** Handlers of `machine`. */
export function machineHandlers(machine: Machine): Handlers<{ machine: typeof contract }>["machine"] {
  const done = async (work: Promise<unknown>) => {
    await work;
    return {};
  };
  return {
    watch: (_input, signal) => machine.watch(signal),
    console: (_input, signal) => machine.console(signal),
    start: () => done(machine.start()),
    stop: () => done(machine.stop()),
    suspend: () => done(machine.suspend()),
    resume: () => done(machine.resume()),
    repair: ({ repair }) => machine.repair(repair),
    diffSettings: ({ settings }) => ({ changes: machine.diffSettings(settings) }),
    applySettings: async ({ settings }) => ({ changes: await machine.applySettings(settings) }),
    factoryReset: ({ confirm }) => machine.factoryReset(confirm),
    exportDisk: ({ path }) => machine.exportDisk(path),
    importDisk: ({ path }) => done(machine.importDisk(path)),
    listDisks: async () => ({ disks: await machine.listDisks() }),
    useDisk: ({ id }) => done(machine.useDisk(id)),
    deleteDisk: ({ id, confirm }) => done(machine.deleteDisk(id, confirm)),
    inventory: () => machine.inventory(),
  };
}
