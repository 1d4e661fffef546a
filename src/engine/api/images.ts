import type { LongshoreHandlers } from "#contract";
import { familiarRepository } from "#contract/image-reference.ts";
import type { EngineConnection } from "../docker/connection.ts";
import { checkPorts } from "../docker/host-ports.ts";
import { inspectImage, platformsOf } from "../docker/image-details.ts";
import { previewPrune, pruneImages } from "../docker/image-prune.ts";
import { deleteImage, planRemoval, removeImage, tagImage } from "../docker/image-removal.ts";
import { readUsage } from "../docker/image-usage.ts";
import { imageList } from "../docker/images.ts";
import { LiveList } from "../docker/live-list.ts";
import { runDefaultsOf, runImage } from "../docker/run-image.ts";
import { ImageFiles } from "../images/image-files.ts";
import { ImageTasks, readReference } from "../images/image-tasks.ts";
import { whenAnswers } from "../images/when-answers.ts";
import type { Credentials } from "../registries/credentials.ts";
import type { TaskHub } from "../tasks/hub.ts";

interface Parts {
  readonly connection: EngineConnection;
  readonly hub: TaskHub;
  readonly credentials: Credentials;
}

type ImageHandlers = LongshoreHandlers["images"];

type TaskProcedure = "pull" | "push" | "save" | "load" | "import";

function taskHandlers(tasks: ImageTasks): Pick<ImageHandlers, TaskProcedure> {
  return {
    pull: ({ reference, platform }) => ({ taskId: tasks.pull(reference, platform) }),
    push: ({ reference }) => ({ taskId: tasks.push(reference) }),
    save: async ({ references, path }) => ({ taskId: await tasks.save(references, path) }),
    load: ({ path }) => ({ taskId: tasks.load(path) }),
    import: ({ path, reference }) => ({ taskId: tasks.import(path, reference) }),
  };
}

/** Handlers of `images`. */
export function imageHandlers(parts: Parts): ImageHandlers {
  const { connection } = parts;
  const list = new LiveList(connection, imageList);
  const files = new ImageFiles();
  const session = () => connection.session();
  return {
    ...taskHandlers(new ImageTasks(parts)),
    watch: (_input, signal) => list.watch(signal),
    inspect: async ({ id }, signal) => inspectImage(session(), id, signal),
    platforms: async ({ ids }, signal) => ({ platforms: await platformsOf(session(), ids, signal) }),
    usage: async (_input, signal) => readUsage(session(), signal),
    tag: async ({ id, reference: text }, signal) => {
      const reference = readReference(text);
      const repository = familiarRepository(reference);
      await tagImage(session(), { id, repository, tag: reference.tag ?? "latest", signal });
      return {};
    },
    removalPlan: async ({ id }, signal) => planRemoval(session(), id, signal),
    untag: async ({ reference: name }, signal) => deleteImage(session(), { name, force: false, signal }),
    remove: async ({ id, force }, signal) => removeImage(session(), { id, force, signal }),
    prunePreview: async ({ which }, signal) => previewPrune(session(), which, signal),
    prune: async ({ ids }, signal) => ({ results: await pruneImages(session(), ids, signal) }),
    runDefaults: async ({ id }, signal) => runDefaultsOf(session(), id, signal),
    checkPorts: async ({ ports }, signal) => ({ taken: await checkPorts(session(), ports, signal) }),
    run: async (request, signal) => runImage(session(), request, signal),
    whenAnswers: ({ port }, signal) => whenAnswers(port, signal),
    readFiles: ({ id }, signal) => files.read(session(), id, signal),
    listFiles: async (options) => ({ entries: await files.list(session(), options) }),
  };
}
