import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import type { BuildStep } from "#contract/builds.ts";
import { noDeadlineMs } from "../docker/http.ts";
import { readMessages } from "../docker/message-stream.ts";
import type { BuildOutcome, BuildRun } from "./build-run.ts";
import { packContext } from "./context.ts";
import { readTrace, type TraceVertex } from "./trace.ts";

const traceId = "moby.buildkit.trace";
const imageId = "moby.image.id";

function stateOf({ cached, error, startedAt, completedAt }: TraceVertex): BuildStep["state"] {
  if (error !== "") return /context canceled|CANCELED/i.test(error) ? "cancelled" : "failed";
  if (cached) return "cached";
  if (completedAt !== undefined) return "done";
  return startedAt === undefined ? "waiting" : "running";
}

/** Decoders by step: a character may be cut between two pieces of a log. */
class LogDecoders {
  readonly #decoders = new Map<string, StringDecoder>();

  decode(vertex: string, bytes: Buffer): string {
    const decoder = this.#decoders.get(vertex) ?? new StringDecoder("utf8");
    this.#decoders.set(vertex, decoder);
    return decoder.write(bytes);
  }
}

function show(run: BuildRun, base64: string, decoders: LogDecoders): TraceVertex | undefined {
  const { vertexes, logs } = readTrace(base64);
  let failed: TraceVertex | undefined;
  for (const vertex of vertexes) {
    const { startedAt, completedAt: endedAt, error } = vertex;
    const state = stateOf(vertex);
    if (state === "failed") failed = vertex;
    const times = { ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }) };
    const words = error === "" ? {} : { error };
    run.showStep(vertex.digest, { name: vertex.name, state, needs: [...vertex.inputs], ...times, ...words });
  }
  for (const { vertex, bytes } of logs) run.log.write(vertex, decoders.decode(vertex, bytes));
  return failed;
}

/** Sends the context once BuildKit asks for it, as `docker build -` does (moby, builder-next). */
function upload(run: BuildRun, buildId: string, signal: AbortSignal): Promise<void> {
  let sentBytes = 0;
  const stream = packContext(run.context, (bytes) => {
    sentBytes += bytes;
    run.task.report({ activity: "Sending the folder", doneBytes: sentBytes, totalBytes: run.context.sizeBytes });
  });
  return run.session.http.send({
    about: run.about,
    method: "POST",
    path: "/build",
    query: { version: 2, buildid: `upload-request:${buildId}` },
    upload: { stream, contentType: "application/x-tar" },
    deadlineMs: noDeadlineMs,
    signal,
  });
}

/** Builds with the engine's BuildKit. What it throws is of the stream or the engine, to be mapped by the caller. */
export async function buildWithBuildkit(run: BuildRun, sessionId: string): Promise<BuildOutcome> {
  const buildId = randomBytes(12).toString("hex");
  const ended = new AbortController();
  const signal = AbortSignal.any([run.task.signal, ended.signal]);
  // The upload ends when the build has read it; its failure alone explains a build that waits for nothing.
  let uploadError: unknown;
  const uploading = upload(run, buildId, signal).catch((error: unknown) => {
    uploadError = error;
  });
  try {
    return await Promise.race([
      follow(run, { version: 2, session: sessionId, buildid: buildId, remote: "upload-request" }),
      uploading.then(() => (uploadError === undefined ? never(signal) : Promise.reject(uploadError))),
    ]);
  } finally {
    ended.abort();
    await uploading;
  }
}

/** The upload went well: then only the build itself decides. */
async function never(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  return new Promise(() => {});
}

async function follow(run: BuildRun, query: Record<string, string | number>): Promise<BuildOutcome> {
  const response = await run.session.http.open({
    about: run.about,
    method: "POST",
    path: "/build",
    query: { ...run.query, ...query },
    deadlineMs: noDeadlineMs,
    signal: run.task.signal,
  });
  const decoders = new LogDecoders();
  let built = "";
  for await (const { id, aux } of readMessages(response)) {
    if (id === traceId && typeof aux === "string") run.failed = show(run, aux, decoders)?.name ?? run.failed;
    else if (id === imageId && typeof aux === "object" && aux !== null && "ID" in aux) built = String(aux.ID);
  }
  return { imageId: built };
}
