import { AppError } from "#contract/errors.ts";
import type { EngineConnection } from "../docker/connection.ts";
import type { Helper, HelperMount, Helpers } from "../docker/helper.ts";
import { findVolume } from "../docker/volumes.ts";
import { volumeMount } from "./file-path.ts";

/** A helper that nobody asked for this long ends: as long as it runs, its volume cannot be removed elsewhere. */
const idleMs = 30_000;
/** Open at once; the one unused for longest goes first. */
const maxWarm = 4;

interface Warm {
  readonly helper: Promise<Helper>;
  readonly readOnly: boolean;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Keeps a helper warm for each volume that is being looked at. */
export class WarmHelpers {
  readonly #connection: EngineConnection;
  readonly #helpers: Helpers;
  readonly #isProtected: (volume: string) => boolean;
  readonly #warm = new Map<string, Warm>();

  constructor(connection: EngineConnection, helpers: Helpers, isProtected: (volume: string) => boolean) {
    this.#connection = connection;
    this.#helpers = helpers;
    this.#isProtected = isProtected;
  }

  /** Runs `work` with a helper that has the volume at `/data`, read-only where it is protected. Errors: not_found. */
  async use<T>(volume: string, work: (helper: Helper) => Promise<T>): Promise<T> {
    const warm = await this.#take(volume);
    warm.users += 1;
    clearTimeout(warm.timer);
    try {
      return await work(await warm.helper);
    } finally {
      warm.users -= 1;
      if (warm.users === 0) warm.timer = setTimeout(() => void this.release(volume), idleMs).unref();
    }
  }

  /** Ends the helper of a volume, so that the volume can be removed. */
  async release(volume: string): Promise<void> {
    const warm = this.#warm.get(volume);
    if (!warm) return;
    this.#warm.delete(volume);
    clearTimeout(warm.timer);
    await warm.helper.then((helper) => helper.close()).catch(() => {});
  }

  /** Ends all. */
  async close(): Promise<void> {
    await Promise.all([...this.#warm.keys()].map((volume) => this.release(volume)));
  }

  async #take(volume: string): Promise<Warm> {
    const known = this.#warm.get(volume);
    const readOnly = this.#isProtected(volume);
    if (known) {
      const helper = await known.helper.catch(() => undefined);
      if (helper?.usable && helper.session === this.#connection.session() && known.readOnly === readOnly) return known;
      await this.release(volume);
    }
    // Looked for again: somebody else may have started one meanwhile.
    const other = this.#warm.get(volume);
    if (other) return other;
    const warm: Warm = { helper: this.#start(volume, readOnly), readOnly, users: 0, timer: undefined };
    this.#warm.set(volume, warm);
    warm.helper.catch(() => {
      if (this.#warm.get(volume) === warm) this.#warm.delete(volume);
    });
    this.#trim();
    return warm;
  }

  async #start(volume: string, readOnly: boolean): Promise<Helper> {
    // The engine would make the volume where it is missing.
    if (!(await findVolume(this.#connection.session(), volume))) {
      throw new AppError("not_found", `There is no volume "${volume}" any more. It may have been removed meanwhile.`);
    }
    const mount: HelperMount = { kind: "volume", source: volume, target: volumeMount, readOnly };
    return this.#helpers.start({ mounts: [mount] });
  }

  #trim(): void {
    for (const [volume, { users, timer }] of this.#warm) {
      if (this.#warm.size <= maxWarm) return;
      if (users === 0 && timer) void this.release(volume);
    }
  }
}
