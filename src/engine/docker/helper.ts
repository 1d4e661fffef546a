import { randomBytes } from "node:crypto";
import { z } from "zod";
import { AppError, toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import type { Log } from "../log.ts";
import type { EngineConnection } from "./connection.ts";
import { ensureHelperImage, removeHelperImage } from "./helper-image.ts";
import { helperLabel } from "./helper-label.ts";
import type { Session } from "./session.ts";
import { PersistentShell, type ShellAnswer, type ShellOptions } from "./shell.ts";

const about = { verb: "run a helper container on", kind: "engine" } as const;
const startDeadlineMs = 60_000;
/** A request that was under way when an earlier process died may make its container after the first sweep. */
const sweepAgainAfterMs = [3_000, 15_000] as const;

/** A mount as the Engine API takes it. */
export interface HelperMount {
  readonly kind: "volume" | "bind";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface HelperRequest {
  readonly mounts?: readonly HelperMount[];
  /** `none`, `host`, or `container:ID` to stand in another container's network. */
  readonly network?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A running helper: one warm shell in a container that holds nothing but busybox and the mounts. */
export interface Helper {
  readonly id: string;
  readonly session: Session;
  /** False once the container has ended or must not be used again. */
  readonly usable: boolean;
  run(script: Buffer, options?: ShellOptions): Promise<ShellAnswer>;
  /** Removes the container and waits until its mounts are free. */
  close(): Promise<void>;
}

/** File owners and modes of a volume are changed by root; nothing else that root may do is needed. */
const capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "MKNOD", "SETFCAP", "NET_RAW"];

function createBody(image: string, owner: string, { mounts = [], network = "none" }: HelperRequest): object {
  return {
    Image: image,
    Cmd: ["sh"],
    Labels: { [helperLabel]: owner },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // When our connection breaks, for whatever reason, the shell reads the end of its input and the container is gone.
    StdinOnce: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: network,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: capabilities,
      SecurityOpt: ["no-new-privileges", "label=disable"],
      PidsLimit: 128,
      // What the shell prints are the user's files: none of it belongs into a log on the engine.
      LogConfig: { Type: "none" },
      Mounts: mounts.map(({ kind, source, target, readOnly }) => ({
        Type: kind,
        Source: source,
        Target: target,
        ReadOnly: readOnly,
        ...(kind === "volume" ? { VolumeOptions: { NoCopy: true } } : {}),
      })),
    },
  };
}

async function removeContainer(session: Session, id: string): Promise<void> {
  const path = `/containers/${id}`;
  try {
    await session.http.send({ about, method: "DELETE", path, query: { force: true, v: true } });
  } catch (error) {
    // Gone by itself, or going.
    if (!["not_found", "conflict"].includes(toAppError(error).code)) throw error;
  }
  // `removed` also answers for one that the engine is still taking apart; only then are its volumes free.
  const wait = { about, method: "POST", path: `${path}/wait`, query: { condition: "removed" } } as const;
  await session.http.send({ ...wait, deadlineMs: startDeadlineMs }).catch(() => {});
}

/** Starts helper containers and sees to it that none stays behind. */
export class Helpers {
  readonly #connection: EngineConnection;
  readonly #owner: string;
  readonly #log: Log;
  readonly #open = new Set<Helper>();
  /** Names of the containers that this process makes over a connection. */
  readonly #names = new WeakMap<Session, Set<string>>();
  readonly #closed = new AbortController();
  #image: { session: Session; id: Promise<string> } | undefined;
  #ready: Promise<void> = Promise.resolve();

  /** `owner` names this installation on the label of its containers. */
  constructor(connection: EngineConnection, { owner, log }: { owner: string; log: Log }) {
    this.#connection = connection;
    this.#owner = owner;
    this.#log = log;
    void this.#sweepEachSession();
  }

  /** Starts a helper. Errors: unavailable, not_found (a volume or container that it stands on). */
  async start(request: HelperRequest): Promise<Helper> {
    const session = this.#connection.session();
    await this.#ready;
    const image = await this.#imageOn(session);
    const body = createBody(image, this.#owner, request);
    const name = `longshore-helper-${randomBytes(4).toString("hex")}`;
    this.#namesOf(session).add(name);
    const { signal } = request;
    const create = { about, method: "POST", path: "/containers/create", query: { name }, body, signal } as const;
    const { Id: id } = await session.http.json(
      { ...create, deadlineMs: startDeadlineMs },
      z.object({ Id: z.string() }),
    );
    try {
      const connection = await session.http.upgrade({
        about,
        protocol: "tcp",
        path: `/containers/${id}/attach`,
        query: { stream: true, stdin: true, stdout: true, stderr: true },
        deadlineMs: startDeadlineMs,
        signal,
      });
      await session.http.send({
        about,
        method: "POST",
        path: `/containers/${id}/start`,
        deadlineMs: startDeadlineMs,
        signal,
      });
      return this.#adopt(session, id, (onBroken) => new PersistentShell(connection, onBroken));
    } catch (error) {
      await removeContainer(session, id).catch(() => {});
      throw error;
    }
  }

  /** Runs one script in a helper of its own. */
  async once(request: HelperRequest, script: Buffer, options: ShellOptions = {}): Promise<ShellAnswer> {
    const helper = await this.start(request);
    try {
      return await helper.run(script, options);
    } finally {
      await helper.close();
    }
  }

  /** Ends all helpers and takes the image off the engine again. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#open].map((helper) => helper.close().catch(() => {})));
    const used = this.#image;
    if (used && !used.session.signal.aborted) await removeHelperImage(used.session).catch(() => {});
  }

  #adopt(session: Session, id: string, makeShell: (onBroken: () => void) => PersistentShell): Helper {
    const shell = makeShell(() => this.#open.delete(helper));
    const helper: Helper = {
      id,
      session,
      get usable() {
        return !shell.broken;
      },
      run: (script, options) => shell.run(script, options),
      close: async () => {
        this.#open.delete(helper);
        shell.end();
        if (!session.signal.aborted) await removeContainer(session, id);
      },
    };
    this.#open.add(helper);
    return helper;
  }

  #imageOn(session: Session): Promise<string> {
    if (this.#image?.session !== session) {
      const id = ensureHelperImage(session);
      this.#image = { session, id };
      // A failed attempt is not kept: the next one may do.
      id.catch(() => {
        this.#image = undefined;
      });
    }
    return this.#image.id;
  }

  #namesOf(session: Session): Set<string> {
    const names = this.#names.get(session) ?? new Set<string>();
    this.#names.set(session, names);
    return names;
  }

  /** Removes the helper containers of this installation that were not made over this very connection. */
  sweep(session: Session): Promise<void> {
    // What starts meanwhile waits: the image must not go from under it.
    this.#ready = this.#ready
      .then(() => this.#sweep(session))
      .catch((error: unknown) => {
        this.#log.warn("helper containers were not swept", { error: toAppError(error).message });
      });
    return this.#ready;
  }

  async #sweep(session: Session): Promise<void> {
    const query = { all: true, filters: { label: [`${helperLabel}=${this.#owner}`] } };
    const request = { about, path: "/containers/json", query };
    const found = await session.http.json(request, z.array(z.object({ Id: z.string(), Names: z.array(z.string()) })));
    const own = this.#namesOf(session);
    const left = found.filter(({ Names: names }) => !names.some((name) => own.has(name.replace(/^\//, ""))));
    await Promise.all(left.map(({ Id: id }) => removeContainer(session, id)));
    if (left.length > 0) this.#log.info("removed helper containers of an earlier run", { count: left.length });
    if (this.#image === undefined) await removeHelperImage(session);
  }

  /** What a crash left on the engine goes at the next connection, before anything new starts. */
  async #sweepEachSession(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const session = await this.#connection.whenConnected(signal);
      if (!session) return;
      await this.sweep(session);
      const both = AbortSignal.any([signal, session.signal]);
      for (const afterMs of sweepAgainAfterMs) {
        await new Bell().wait(both, afterMs);
        if (!both.aborted) await this.sweep(session);
      }
      await new Bell().wait(both);
    }
  }
}

/** The answer's output; a script that failed becomes an error with what it said. */
export function outputOf(answer: ShellAnswer, failed: string): Buffer {
  if (answer.status === 0) return answer.stdout;
  const detail = answer.stderr.replace(/^sh: |^\w+: /, "");
  throw new AppError("unavailable", detail ? `${failed}: ${detail}.` : `${failed}.`);
}
