import type Dockerode from "dockerode";
import type { z } from "zod";
import {
  type About,
  ConnectionLostError,
  DeadlineError,
  isAbort,
  isRefusal,
  toEngineError,
  UnexpectedAnswerError,
} from "./errors.ts";
import type { EngineHttp } from "./http.ts";

export type { Dockerode };

export interface UnaryCall<T extends z.ZodType> {
  readonly about: About;
  /** Looks up more about the object once the engine has refused, for the words of the error. */
  readonly elaborate?: () => Promise<Partial<About>>;
  /** What the answer must be; `z.unknown()` where the engine sends no body. */
  readonly answer: T;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** dockerode within bounds: it has no deadlines of its own and passes on whatever body it gets. */
export interface DockerClient {
  /** Runs one unary call; `run` must hand `abortSignal` to dockerode. Throws `AppError` alone. */
  call<T extends z.ZodType>(
    call: UnaryCall<T>,
    run: (docker: Dockerode, abortSignal: AbortSignal) => Promise<unknown>,
  ): Promise<z.output<T>>;
}

/** The import takes more than 100 ms, so it waits for the first call; lists and streams never need it. */
async function load(http: EngineHttp, api: string): Promise<Dockerode> {
  const { default: Docker } = await import("dockerode");
  // Host and port are placeholders: the agent knows the way. (A variable, because the types leave out `agent`.)
  const options = { protocol: "http", host: "docker", port: 80, version: `v${api}`, agent: http.agent } as const;
  return new Docker(options);
}

/** Loads dockerode before the first call, which would wait for it. */
export async function preloadClient(): Promise<void> {
  await import("dockerode");
}

function rejectAtAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => reject(new DOMException("cancelled", "AbortError"));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

interface ClientOptions {
  readonly api: string;
  /** Aborts when the connection to the engine is lost. */
  readonly lost: AbortSignal;
}

/** A client on the connections of `http`. */
export function createDockerClient(http: EngineHttp, { api, lost }: ClientOptions): DockerClient {
  let loading: Promise<Dockerode> | undefined;
  return {
    async call({ about, elaborate, answer, deadlineMs, signal }, run) {
      loading ??= load(http, api);
      const deadline = AbortSignal.timeout(deadlineMs);
      const abortSignal = AbortSignal.any(signal ? [signal, deadline, lost] : [deadline, lost]);
      try {
        const docker = await loading;
        // Raced, because a body that is cut in the middle never settles.
        const value = await Promise.race([run(docker, abortSignal), rejectAtAbort(abortSignal)]);
        const parsed = answer.safeParse(value);
        if (!parsed.success) throw new UnexpectedAnswerError("it does not have the promised form");
        return parsed.data;
      } catch (error) {
        const expired = deadline.aborted && !signal?.aborted;
        const cut = lost.aborted && !signal?.aborted && isAbort(error);
        const cause = expired ? new DeadlineError(deadlineMs) : cut ? new ConnectionLostError() : error;
        const more = elaborate && isRefusal(error) ? await elaborate() : {};
        throw toEngineError(cause, { ...about, ...more }, http.where);
      }
    },
  };
}
