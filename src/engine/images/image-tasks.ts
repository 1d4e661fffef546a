import { AppError } from "#contract/errors.ts";
import {
  familiarReference,
  familiarRepository,
  type ImageReference,
  parseImageReference,
} from "#contract/image-reference.ts";
import type { Blocks } from "../docker/blocks.ts";
import type { EngineConnection } from "../docker/connection.ts";
import { inspectRaw } from "../docker/image-details.ts";
import { importImage, loadImages, openSaved, pullImage, pushImage } from "../docker/image-transfer.ts";
import { toTransferError } from "../docker/transfer-errors.ts";
import type { Credentials } from "../registries/credentials.ts";
import { authHeader } from "../registries/login.ts";
import type { TaskHub } from "../tasks/hub.ts";
import { absolutePath, assertNewFile, openFile, toFileError, writeNewFile } from "./archive-file.ts";

interface Parts {
  readonly connection: EngineConnection;
  readonly hub: TaskHub;
  readonly credentials: Credentials;
}

/** A reference that was checked at the door. Errors: bad_request. */
export function readReference(text: string): ImageReference {
  const result = parseImageReference(text);
  if (!result.ok) throw new AppError("bad_request", result.problem);
  return result.reference;
}

function tagOf({ tag, digest }: ImageReference): string {
  return digest ?? tag ?? "latest";
}

/** Pulls, pushes, saves, loads and imports, each as a task. */
export class ImageTasks {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Errors: unavailable while there is no engine; bad_request. */
  pull(text: string, platform: string | undefined): string {
    const { connection, hub, credentials } = this.#parts;
    const reference = readReference(text);
    const session = connection.session();
    const subject = familiarReference(reference);
    const facts = { verb: "pull", subject, registry: reference.domain };
    const ifInterrupted = `Longshore ended during this pull, and the engine dropped it. Layers that were complete are kept: pull ${subject} again to go on.`;
    return hub.start({ kind: "pull", subject, ifInterrupted }, async (task) => {
      const auth = authHeader(reference.domain, await credentials.find(reference.domain));
      const repository = familiarRepository(reference);
      await pullImage({ session, task, repository, tag: tagOf(reference), auth, facts, platform });
      const { image } = await inspectRaw(session, subject, task.signal);
      return { summary: `Pulled ${subject}.`, facts: { imageId: image.Id, reference: subject } };
    });
  }

  /** Errors: unavailable while there is no engine; bad_request. */
  push(text: string): string {
    const { connection, hub, credentials } = this.#parts;
    const reference = readReference(text);
    const session = connection.session();
    const subject = familiarReference(reference);
    const facts = { verb: "push", subject, registry: reference.domain };
    const ifInterrupted = `Longshore ended during this push, and the engine dropped it. ${subject} in the registry is as it was: push again.`;
    return hub.start({ kind: "push", subject, ifInterrupted }, async (task) => {
      const auth = authHeader(reference.domain, await credentials.find(reference.domain));
      const repository = familiarRepository(reference);
      const { digest } = await pushImage({ session, task, repository, tag: reference.tag ?? "latest", auth, facts });
      return { summary: `Pushed ${subject}.`, facts: { reference: subject, digest } };
    });
  }

  /** Errors: conflict where the file exists; permission. */
  async save(references: readonly string[], askedPath: string): Promise<string> {
    const { connection, hub } = this.#parts;
    const path = absolutePath(askedPath);
    const session = connection.session();
    await assertNewFile(path);
    const subject = references.length === 1 ? (references[0] ?? "") : `${references.length} images`;
    const facts = { verb: "save", subject, registry: "" };
    const ifInterrupted = `Longshore ended while it saved ${subject}. ${path} was not written: save again.`;
    return hub.start({ kind: "save", subject, ifInterrupted }, async (task) => {
      const sizes = await Promise.all(references.map((name) => inspectRaw(session, name, task.signal)));
      const totalBytes = sizes.reduce((sum, { image }) => sum + image.Size, 0);
      let doneBytes = 0;
      task.report({ activity: "Preparing", totalBytes });
      const begin = (): Promise<Blocks> =>
        openSaved(session, references, task.signal).catch((error: unknown) => {
          throw toTransferError(error, facts);
        });
      const onBytes = (bytes: number): void => {
        doneBytes += bytes;
        // A tar has headers besides the files, and layers that images share are in it once.
        task.report({ activity: "Writing", doneBytes, totalBytes: Math.max(totalBytes, doneBytes) });
      };
      await writeNewFile(path, begin, onBytes).catch((error: unknown) => {
        throw toFileError(error, path);
      });
      return { summary: `Saved ${subject} to ${path}.`, facts: { path } };
    });
  }

  load(askedPath: string): string {
    const { connection, hub } = this.#parts;
    const path = absolutePath(askedPath);
    const session = connection.session();
    const facts = { verb: "load", subject: path, registry: "" };
    const ifInterrupted = `Longshore ended while it loaded ${path}. What the engine had not taken whole is not there: load it again.`;
    return hub.start({ kind: "load", subject: path, ifInterrupted }, async (task) => {
      let doneBytes = 0;
      const file = await openFile(path, (bytes) => {
        doneBytes += bytes;
        task.report({ doneBytes });
      });
      task.report({ activity: "Loading", totalBytes: file.sizeBytes });
      const loaded = await loadImages(session, { task, tar: file.stream, facts });
      const names = loaded.length === 0 ? "the archive" : loaded.join(", ");
      return { summary: `Loaded ${names}.`, facts: { reference: loaded[0] ?? "" } };
    });
  }

  import(askedPath: string, text: string): string {
    const { connection, hub } = this.#parts;
    const path = absolutePath(askedPath);
    const reference = readReference(text);
    const session = connection.session();
    const subject = familiarReference(reference);
    const facts = { verb: "import", subject: path, registry: "" };
    const ifInterrupted = `Longshore ended while it imported ${path}. ${subject} was not made: import it again.`;
    return hub.start({ kind: "import", subject, ifInterrupted }, async (task) => {
      let doneBytes = 0;
      const file = await openFile(path, (bytes) => {
        doneBytes += bytes;
        task.report({ doneBytes });
      });
      task.report({ activity: "Importing", totalBytes: file.sizeBytes });
      const repository = familiarRepository(reference);
      const tag = reference.tag ?? "latest";
      const imageId = await importImage(session, { task, tar: file.stream, repository, tag, facts });
      return { summary: `Imported ${subject}.`, facts: { imageId, reference: subject } };
    });
  }
}
