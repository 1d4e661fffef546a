import { getArchive, putArchive } from "../docker/archive.ts";
import { type Helper, outputOf } from "../docker/helper.ts";
import { sh } from "../docker/shell.ts";
import { unfinishedLabels } from "../docker/volume-role.ts";
import { createVolume, deleteVolume, inspectVolume } from "../docker/volumes.ts";
import type { TarEntry } from "../tar/entry.ts";
import { readTar } from "../tar/read.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import { volumeMount } from "./file-path.ts";
import { createOwn, engineId, requireFreeName, type VolumeSpace } from "./space.ts";
import { applyRoot, ofVolume, packed } from "./unpack.ts";

async function pour(from: Helper, to: Helper, { name, task }: { name: string; task: TaskHandle }): Promise<void> {
  const about = { verb: "clone", kind: "volume", name } as const;
  const path = Buffer.from(volumeMount);
  const { signal } = task;
  const measured = await from.run(sh`du -sk ${volumeMount}`, { signal, deadlineMs: 600_000 });
  const used = Number.parseInt(outputOf(measured, "The volume could not be measured").toString("latin1"), 10) * 1024;
  const archive = await getArchive({ helper: from, path, about, signal });
  let root: TarEntry | undefined;
  const content = packed(ofVolume(readTar(archive as AsyncIterable<Buffer>)), {
    onBytes: (doneBytes) => task.report({ doneBytes, totalBytes: Math.max(used, doneBytes) }),
    onRoot: (entry) => {
      root = entry;
    },
  });
  await putArchive({ helper: to, path, about, signal }, content);
  await applyRoot(to, root, signal);
}

/** The work of a clone task: a new volume of the local driver with the same files and labels. */
export async function cloneVolume(
  space: VolumeSpace,
  { name, newName }: { name: string; newName: string },
  task: TaskHandle,
): Promise<void> {
  const session = space.connection.session();
  const volume = await inspectVolume(session, name);
  await requireFreeName(session, newName);
  const engine = await engineId(session);
  task.report({ activity: "Copying" });
  // Under a name of our own until it is whole: nobody can take half a clone for the volume.
  const fresh = await createOwn(session, "clone", unfinishedLabels("clone", newName));
  const step = async (): Promise<void> => {
    const helpers: Helper[] = [];
    const start = async (source: string, readOnly: boolean): Promise<Helper> => {
      const mount = { kind: "volume", source, target: volumeMount, readOnly } as const;
      const helper = await space.helpers.start({ mounts: [mount], signal: task.signal });
      helpers.push(helper);
      return helper;
    };
    try {
      await pour(await start(name, true), await start(fresh.name, false), { name, task });
      await Promise.all(helpers.splice(0).map((helper) => helper.close()));
      await requireFreeName(session, newName);
      await createVolume(session, { name: newName, driver: "local", options: {}, labels: volume.labels });
      await space.mover.move({ from: fresh, to: await inspectVolume(session, newName) });
    } finally {
      await Promise.all(helpers.map((helper) => helper.close()));
      if (!session.signal.aborted) await deleteVolume(session, fresh.name).catch(() => {});
    }
  };
  await space.journal.during({ kind: "fill", engine, fresh: fresh.name }, step, () => session.signal.aborted);
}
