import type { LongshoreHandlers } from "#contract";
import { toColumns } from "#contract/files.ts";
import {
  makeFolder,
  readFileStart,
  removeFiles,
  renameFile,
  takenNames,
  writeWholeFile,
} from "../volumes/change-files.ts";
import { copyFiles } from "../volumes/copy-files.ts";
import { downloadFiles } from "../volumes/downloads.ts";
import { listFiles } from "../volumes/list-files.ts";
import type { VolumeSpace } from "../volumes/space.ts";
import type { Uploads } from "../volumes/uploads.ts";

async function done(action: Promise<unknown>): Promise<Record<string, never>> {
  await action;
  return {};
}

/** Handlers of `files`. */
export function fileHandlers(space: VolumeSpace, uploads: Uploads): LongshoreHandlers["files"] {
  return {
    list: async (input, signal) => {
      const { entries, total } = await listFiles(space, input, signal);
      return { columns: toColumns(entries), total };
    },
    read: async (input, signal) => {
      const { bytes, ...facts } = await readFileStart(space, input, signal);
      return { ...facts, bytes: new Uint8Array(bytes) };
    },
    write: (input, signal) => writeWholeFile(space, input, signal),
    makeFolder: (input, signal) => done(makeFolder(space, input, signal)),
    rename: (input, signal) => done(renameFile(space, input, signal)),
    remove: (input, signal) => done(removeFiles(space, input, signal)),
    copy: (input) => {
      space.facts.requireChangeable(input.to.volume);
      const ifInterrupted = `Copying to ${input.to.volume} was cut off. Look at what is there, and copy again.`;
      const taskId = space.tasks.start({ kind: "file_copy", subject: input.to.volume, ifInterrupted }, async (task) => {
        const count = await copyFiles(space, input, task);
        const what = count === 1 ? "1 item was" : `${count} items were`;
        return { summary: `${what} copied to ${input.to.volume}.`, facts: { name: input.to.volume } };
      });
      return { taskId };
    },
    taken: async (input) => ({ names: await takenNames(space, input) }),
    beginUpload: async (input) => ({ upload: await uploads.begin(input) }),
    uploadPiece: ({ upload, bytes }) => done(uploads.piece(upload, bytes)),
    finishUpload: ({ upload }) => uploads.finish(upload),
    cancelUpload: ({ upload }) => done(uploads.cancel(upload)),
    download: (input, signal) => downloadFiles(space, input, signal),
  };
}
