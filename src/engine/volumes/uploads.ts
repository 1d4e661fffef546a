import { randomUUID } from "node:crypto";
import type { OnConflict } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import {
  lookOf,
  numberedName,
  removeFiles,
  renameFile,
  sendFile,
  settleScript,
  takenNames,
  temporaryName,
} from "./change-files.ts";
import { encodePath, joinPath } from "./file-path.ts";
import { enter, requireDone } from "./list-files.ts";
import type { VolumeSpace } from "./space.ts";

/** An upload that nobody continues was left behind by its page. */
const idleMs = 60_000;

export interface UploadRequest {
  readonly volume: string;
  readonly folder: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly onConflict: OnConflict;
}

/** Pieces on their way: the sender waits until each was taken, so that a slow engine slows it down. */
class Pieces {
  #waiting: { bytes: Buffer; taken: () => void }[] = [];
  #wake = (): void => {};
  #ended = false;
  #failure: unknown;

  push(bytes: Buffer): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(toAppError(this.#failure));
    return new Promise((resolve) => {
      this.#waiting.push({ bytes, taken: resolve });
      this.#wake();
    });
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The taker has failed: senders learn it from their next piece, and waiting ones at once. */
  fail(error: unknown): void {
    this.#failure = error;
    for (const { taken } of this.#waiting.splice(0)) taken();
  }

  async *take(): AsyncGenerator<Buffer> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next) {
        yield next.bytes;
        next.taken();
      } else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

interface Upload {
  readonly request: UploadRequest;
  readonly temporary: string;
  readonly pieces: Pieces;
  readonly controller: AbortController;
  readonly sent: Promise<void>;
  receivedBytes: number;
  timer: NodeJS.Timeout | undefined;
}

/** Files on their way into volumes. */
export class Uploads {
  readonly #space: VolumeSpace;
  readonly #open = new Map<string, Upload>();

  constructor(space: VolumeSpace) {
    this.#space = space;
  }

  /** Errors: conflict where the name is taken and `onConflict` refuses. */
  async begin(request: UploadRequest): Promise<string> {
    const { volume, folder, name, onConflict } = request;
    this.#space.facts.requireChangeable(volume);
    if (encodePath(name).length > 255) throw new AppError("bad_request", `${name} is too long a name for a file.`);
    if (onConflict === "refuse" && (await takenNames(this.#space, { volume, folder, names: [name] })).length > 0) {
      throw new AppError("conflict", `${name} is there already.`, { data: { reason: "taken" } });
    }
    const id = randomUUID();
    const upload = this.#start(request);
    this.#open.set(id, upload);
    this.#keepAlive(id, upload);
    return id;
  }

  /** Resolves once the engine has taken the piece. */
  async piece(id: string, bytes: Uint8Array): Promise<void> {
    const upload = this.#find(id);
    this.#keepAlive(id, upload);
    upload.receivedBytes += bytes.length;
    if (upload.receivedBytes > upload.request.sizeBytes) {
      await this.cancel(id);
      throw new AppError("bad_request", `${upload.request.name} grew while it was uploaded. Upload it again.`);
    }
    await upload.pieces.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  /** Puts the file under its name. Errors: bad_request where bytes are missing; conflict where a folder has the name. */
  async finish(id: string): Promise<{ name: string }> {
    const upload = this.#find(id);
    const { request } = upload;
    if (upload.receivedBytes !== request.sizeBytes) {
      await this.cancel(id);
      throw new AppError("bad_request", `${request.name} changed while it was uploaded. Upload it again.`);
    }
    this.#forget(id, upload);
    upload.pieces.end();
    try {
      await upload.sent;
      return { name: await this.#settle(upload) };
    } catch (error) {
      await this.#discard(upload);
      throw error;
    }
  }

  /** Ends an upload and removes what arrived. One that has ended already is no error. */
  async cancel(id: string): Promise<void> {
    const upload = this.#open.get(id);
    if (!upload) return;
    this.#forget(id, upload);
    upload.controller.abort();
    upload.pieces.end();
    await upload.sent.catch(() => {});
    await this.#discard(upload);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.cancel(id)));
  }

  #start(request: UploadRequest): Upload {
    const temporary = temporaryName();
    const pieces = new Pieces();
    const controller = new AbortController();
    const { volume, folder, name, sizeBytes } = request;
    const sent = this.#space.warm.use(volume, async (helper) => {
      const look = await lookOf(helper, joinPath(folder, name));
      const file = { folder, name: temporary, sizeBytes, look, signal: controller.signal };
      await sendFile(helper, file, pieces.take());
    });
    sent.catch((error: unknown) => pieces.fail(error));
    return { request, temporary, pieces, controller, sent, receivedBytes: 0, timer: undefined };
  }

  async #settle({ request, temporary }: Upload): Promise<string> {
    const { volume, folder, name, onConflict } = request;
    const path = joinPath(folder, temporary);
    const signal = AbortSignal.timeout(60_000);
    const isTaken = (await takenNames(this.#space, { volume, folder, names: [name] })).length > 0;
    if (isTaken && onConflict === "skip") {
      await this.#space.warm.use(volume, async () => removeFiles(this.#space, { volume, paths: [path] }, signal));
      return name;
    }
    if (isTaken && onConflict === "keepBoth") {
      const candidates = Array.from({ length: 200 }, (_unused, index) => numberedName(name, index + 2));
      const taken = new Set(await takenNames(this.#space, { volume, folder, names: candidates }));
      const free = candidates.find((candidate) => !taken.has(candidate)) ?? `${temporary}-${name}`;
      await renameFile(this.#space, { volume, path, newName: free }, signal);
      return free;
    }
    if (isTaken && onConflict === "replace") await this.#replace(request, temporary);
    else await renameFile(this.#space, { volume, path, newName: name }, signal);
    return name;
  }

  async #replace({ volume, folder, name }: UploadRequest, temporary: string): Promise<void> {
    await this.#space.warm.use(volume, async (helper) => {
      const parts = [Buffer.from("( "), enter(folder), ...settleScript(temporary, name), Buffer.from(" )")];
      requireDone(await helper.run(Buffer.concat(parts)), joinPath(folder, name));
    });
  }

  async #discard({ request: { volume, folder }, temporary }: Upload): Promise<void> {
    const paths = [joinPath(folder, temporary)];
    await removeFiles(this.#space, { volume, paths }, AbortSignal.timeout(30_000)).catch(() => {});
  }

  #find(id: string): Upload {
    const upload = this.#open.get(id);
    if (!upload) throw new AppError("not_found", "This upload has ended. Upload the file again.");
    return upload;
  }

  #keepAlive(id: string, upload: Upload): void {
    clearTimeout(upload.timer);
    upload.timer = setTimeout(() => void this.cancel(id), idleMs).unref();
  }

  #forget(id: string, upload: Upload): void {
    clearTimeout(upload.timer);
    this.#open.delete(id);
  }
}
