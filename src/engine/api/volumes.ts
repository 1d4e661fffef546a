import type { LongshoreHandlers } from "#contract";
import { AppError } from "#contract/errors.ts";
import { LiveList } from "../docker/live-list.ts";
import { createVolume, inspectVolume, volumeList } from "../docker/volumes.ts";
import { cloneVolume } from "../volumes/clone.ts";
import { exportVolume, listBackups } from "../volumes/export.ts";
import { importBackup, inspectBackup } from "../volumes/import.ts";
import { measureVolumes, prunePreview, pruneVolumes } from "../volumes/measure.ts";
import { requireFreeName, type VolumeSpace } from "../volumes/space.ts";
import { discardVolumes, emptyVolume, removeVolume, restoreVolume } from "../volumes/trash.ts";

type VolumeHandlers = LongshoreHandlers["volumes"];

/** The long jobs, which run as tasks. */
function jobs(space: VolumeSpace): Pick<VolumeHandlers, "export" | "import" | "clone"> {
  const { tasks, facts, connection } = space;
  return {
    export: async ({ folder = facts.backupFolder, ...input }) => {
      await inspectVolume(connection.session(), input.name);
      const ifInterrupted = `The export of ${input.name} was cut off. The volume is as it was; export it again.`;
      const taskId = tasks.start({ kind: "volume_export", subject: input.name, ifInterrupted }, async (task) => {
        const { path, sha256 } = await exportVolume(space, { ...input, folder }, task);
        return { summary: `${input.name} was exported to ${path}.`, facts: { path, sha256 } };
      });
      return { taskId };
    },
    import: (input) => {
      const { name } = input.into;
      const ifInterrupted = `The import into ${name} was cut off. The volume holds its old data or the new, whole; look at it before you import again.`;
      const taskId = tasks.start({ kind: "volume_import", subject: name, ifInterrupted }, async (task) => {
        const { trash, entries } = await importBackup(space, input, task);
        const where = trash ? " What it held before is in the trash." : "";
        return {
          summary: `${entries} entries were imported into ${name}.${where}`,
          facts: { name, ...(trash ? { trash } : {}) },
        };
      });
      return { taskId };
    },
    clone: async (input) => {
      await requireFreeName(connection.session(), input.newName);
      const ifInterrupted = `The clone of ${input.name} was cut off. The volume is as it was; clone it again.`;
      const taskId = tasks.start({ kind: "volume_clone", subject: input.name, ifInterrupted }, async (task) => {
        await cloneVolume(space, input, task);
        return { summary: `${input.name} was cloned to ${input.newName}.`, facts: { name: input.newName } };
      });
      return { taskId };
    },
  };
}

/** Handlers of `volumes`. */
export function volumeHandlers(space: VolumeSpace): VolumeHandlers {
  const { connection, facts } = space;
  const list = new LiveList(connection, volumeList());
  return {
    ...jobs(space),
    watch: (_input, signal) => list.watch(signal),
    watchFacts: (_input, signal) => facts.current.watch(signal),
    measure: async ({ names }, signal) => {
      await measureVolumes(space, names, signal);
      return {};
    },
    create: async (input, signal) => {
      const session = connection.session();
      if (input.name) await requireFreeName(session, input.name);
      return { name: await createVolume(session, input, signal) };
    },
    protect: async ({ name, protected: isProtected }) => {
      await inspectVolume(connection.session(), name);
      await facts.protect(name, isProtected);
      await space.warm.release(name);
      return {};
    },
    remove: ({ name, permanently }) => removeVolume(space, name, { permanently }),
    prunePreview: async (_input, signal) => ({ items: await prunePreview(space, signal) }),
    prune: async (input) => ({ outcomes: await pruneVolumes(space, input) }),
    restore: ({ trash, name }) => restoreVolume(space, trash, name),
    discard: async ({ names }) => ({ outcomes: await discardVolumes(space, names) }),
    empty: ({ name }) => emptyVolume(space, name),
    listBackups: async ({ folder = facts.backupFolder }) => ({ folder, files: await listBackups(folder) }),
    inspectBackup: async ({ path }, signal) => {
      if (!path.startsWith("/") && !/^[A-Za-z]:[\\/]/.test(path)) {
        throw new AppError("bad_request", `Give the whole path of the backup, not "${path}".`);
      }
      return inspectBackup(path, signal);
    },
  };
}
