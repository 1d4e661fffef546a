import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Build, BuildRequest, BuildUpdate } from "#contract/builds.ts";
import { AppError, toAppError } from "#contract/errors.ts";
import { familiarReference } from "#contract/image-reference.ts";
import { Bell } from "../bell.ts";
import type { EngineConnection } from "../docker/connection.ts";
import type { ListUpdate } from "../docker/live-list.ts";
import { StreamedError } from "../docker/message-stream.ts";
import type { Session } from "../docker/session.ts";
import { toTransferError } from "../docker/transfer-errors.ts";
import { absolutePath, toFileError } from "../images/archive-file.ts";
import { readReference } from "../images/image-tasks.ts";
import type { Credentials } from "../registries/credentials.ts";
import { keyOf, registryOf } from "../registries/login.ts";
import type { TaskHub } from "../tasks/hub.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import { BuildLog } from "./build-log.ts";
import { type BuildOutcome, BuildRun } from "./build-run.ts";
import { type BuildSession, openBuildSession } from "./build-session.ts";
import { buildWithBuildkit } from "./buildkit.ts";
import { buildClassically } from "./classic.ts";
import { type BuildContext, readContext } from "./context.ts";
import { findFault } from "./dockerfile.ts";
import type { BuildHistory } from "./history.ts";

interface Parts {
  readonly connection: EngineConnection;
  readonly hub: TaskHub;
  readonly credentials: Credentials;
  readonly history: BuildHistory;
}

/** A secret may be a key file, not a disk. */
const maxSecretBytes = 500 * 1024;
const updateEveryMs = 200;

type Secrets = ReadonlyMap<string, Buffer>;

async function readSecrets(asked: BuildRequest["secrets"]): Promise<Secrets> {
  const secrets = new Map<string, Buffer>();
  for (const { id, path: askedPath } of asked) {
    const path = absolutePath(askedPath);
    const content = await readFile(path).catch((error: unknown) => {
      throw toFileError(error, path);
    });
    if (content.length > maxSecretBytes)
      throw new AppError("bad_request", `${path} is too large for a secret (500 KB).`);
    secrets.set(id, content);
  }
  return secrets;
}

function newBuild(request: BuildRequest, context: BuildContext): Build {
  return {
    id: randomUUID(),
    taskId: "",
    context: context.folder,
    dockerfile: context.dockerfile,
    tags: request.tags.map((tag) => familiarReference(readReference(tag))),
    argNames: request.args.map(({ name }) => name),
    secretIds: request.secrets.map(({ id }) => id),
    target: request.target,
    platform: request.platform ?? "",
    noCache: request.noCache,
    builderReason: "",
    startedAt: Date.now(),
    contextBytes: context.sizeBytes,
    cachedSteps: 0,
    totalSteps: 0,
    state: { status: "running" },
  };
}

function queryOf(request: BuildRequest, { tags, dockerfile }: Build) {
  const { args, target, platform, noCache, pull } = request;
  return {
    dockerfile,
    // The engine takes one `t` here; further tags are given once it is built.
    t: tags[0],
    buildargs: Object.fromEntries(args.map(({ name, value }) => [name, value])),
    target: target || undefined,
    platform,
    nocache: noCache,
    pull: pull ? "1" : undefined,
  };
}

/** All builds, those that run and those that the history keeps. */
export class Builds {
  readonly #parts: Parts;
  readonly #logs = new Map<string, BuildLog>();
  readonly #watchers = new Set<Bell>();
  readonly #loaded: Promise<void>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#loaded = this.#load();
    // Told to whoever asks for the builds; until somebody does, an unreadable folder must not end the process.
    this.#loaded.catch(() => {});
  }

  /** Errors: not_found (folder, Dockerfile, secret), bad_request, unavailable while there is no engine. */
  async start(request: BuildRequest): Promise<{ buildId: string; taskId: string }> {
    const { connection, hub, history } = this.#parts;
    await this.#loaded;
    const session = connection.session();
    const context = await readContext(request.context, request.dockerfile);
    const secrets = await readSecrets(request.secrets);
    const log = new BuildLog(newBuild(request, context));
    for (const secret of secrets.values()) log.hide(secret.toString("utf8"));
    const { id, tags } = log.build;
    this.#logs.set(id, log);
    await history.begin(log);
    const subject = tags[0] ?? basename(context.folder);
    const ifInterrupted = `Longshore ended during the build of ${subject}, and the engine dropped it. What it had cached is kept: build again.`;
    const taskId = hub.start({ kind: "build", subject, ifInterrupted }, async (task) => {
      const outcome = await this.#run({ request, session, context, secrets, log }, task);
      return { summary: `Built ${subject}.`, facts: { buildId: id, imageId: outcome.imageId } };
    });
    log.change({ taskId });
    this.#changed();
    return { buildId: id, taskId };
  }

  async *watch(signal: AbortSignal): AsyncGenerator<ListUpdate<Build>> {
    await this.#loaded;
    const bell = new Bell();
    this.#watchers.add(bell);
    try {
      const sent = new Map<string, Build>([...this.#logs].map(([id, { build }]) => [id, build]));
      yield { kind: "snapshot", items: [...sent.values()], skipped: 0 };
      while (await bell.wait(signal)) {
        if (signal.aborted) return;
        const upserts = [...this.#logs.values()]
          .map(({ build }) => build)
          .filter((build) => sent.get(build.id) !== build);
        const removed = [...sent.keys()].filter((id) => !this.#logs.has(id));
        for (const build of upserts) sent.set(build.id, build);
        for (const id of removed) sent.delete(id);
        if (upserts.length + removed.length > 0) yield { kind: "change", upserts, removed };
        await new Bell().wait(signal, updateEveryMs);
      }
    } finally {
      this.#watchers.delete(bell);
    }
  }

  /** Errors: not_found. */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<BuildUpdate> {
    await this.#loaded;
    const log = this.#find(id);
    const isLive = log.build.state.status === "running" || log.whole().steps.length > 0;
    if (isLive) yield* log.follow(signal);
    else yield await this.#parts.history.readLog(log);
  }

  /** Errors: not_found; conflict while it runs. */
  async remove(id: string): Promise<void> {
    await this.#loaded;
    if (this.#find(id).build.state.status === "running") {
      throw new AppError("conflict", "This build still runs. Cancel it first.");
    }
    this.#logs.delete(id);
    await this.#parts.history.remove(id);
    this.#changed();
  }

  async #load(): Promise<void> {
    for (const log of await this.#parts.history.load()) this.#logs.set(log.build.id, log);
  }

  #find(id: string): BuildLog {
    const log = this.#logs.get(id);
    if (!log) throw new AppError("not_found", "There is no such build any more.");
    return log;
  }

  #changed(): void {
    for (const bell of this.#watchers) bell.ring();
  }

  async #run(
    parts: { request: BuildRequest; session: Session; context: BuildContext; secrets: Secrets; log: BuildLog },
    task: TaskHandle,
  ): Promise<BuildOutcome> {
    const { request, session, context, log } = parts;
    const headers = await this.#registryConfig();
    const run = new BuildRun({ session, task, log, context, query: queryOf(request, log.build), headers });
    try {
      const outcome = await this.#build(run, parts.secrets);
      await this.#tagMore(run, outcome);
      log.change({ state: { status: "done", imageId: outcome.imageId }, endedAt: Date.now() });
      return outcome;
    } catch (error) {
      const failure = this.#failureOf(error, run);
      log.change({ state: failure.state, endedAt: Date.now() });
      throw failure.error;
    } finally {
      await this.#parts.history.finish(log).catch(() => {});
      this.#changed();
    }
  }

  async #build(run: BuildRun, secrets: Secrets): Promise<BuildOutcome> {
    const session = await this.#openSession(run, secrets);
    this.#changed();
    if (!session) return buildClassically(run);
    try {
      return await buildWithBuildkit(run, session.id);
    } finally {
      session.close();
    }
  }

  /** Undefined where the engine has no BuildKit; the build then says why it goes another way. */
  async #openSession(run: BuildRun, secrets: Secrets): Promise<BuildSession | undefined> {
    const { credentials } = this.#parts;
    const login = (host: string) => credentials.find(registryOf(host)).catch(() => undefined);
    const secret = (id: string) => Promise.resolve(secrets.get(id));
    try {
      const session = await openBuildSession(run.session, { secret, login }, run.task.signal);
      run.log.change({ builder: "buildkit" });
      return session;
    } catch (error) {
      const { code, message } = toAppError(error);
      if (code === "cancelled") throw error;
      if (secrets.size > 0) {
        const why = "This engine has no BuildKit, which secrets need. Build without secrets, or update the engine.";
        throw new AppError("conflict", why, { cause: error });
      }
      run.log.change({ builder: "classic", builderReason: message });
      return undefined;
    }
  }

  /** `X-Registry-Config`: the logins that base images may need, for the classic builder. */
  async #registryConfig(): Promise<Record<string, string>> {
    const { credentials } = this.#parts;
    const { logins } = await credentials.list();
    const auths: Record<string, { username: string; password: string }> = {};
    for (const { registry } of logins) {
      const login = await credentials.find(registry).catch(() => undefined);
      if (login) auths[keyOf(registry)] = { username: login.user, password: login.secret };
    }
    if (Object.keys(auths).length === 0) return {};
    return { "x-registry-config": Buffer.from(JSON.stringify(auths)).toString("base64url") };
  }

  async #tagMore({ session, log, task }: BuildRun, { imageId }: BuildOutcome): Promise<void> {
    for (const tag of log.build.tags.slice(1)) {
      const colon = tag.lastIndexOf(":");
      await session.http.send({
        about: { verb: "tag", kind: "image", name: tag },
        method: "POST",
        path: `/images/${encodeURIComponent(imageId)}/tag`,
        query: { repo: tag.slice(0, colon), tag: tag.slice(colon + 1) },
        signal: task.signal,
      });
    }
  }

  #failureOf(error: unknown, run: BuildRun): { error: AppError; state: Build["state"] } {
    if (run.task.signal.aborted) {
      return { error: new AppError("cancelled", "The build was cancelled."), state: { status: "cancelled" } };
    }
    const mapped = this.#mapped(error, run);
    const data = { ...mapped.data, buildId: run.log.build.id };
    const failure = new AppError(mapped.code, mapped.message, { cause: mapped.cause, data });
    const { failed: stepName, stepNumber } = run;
    const fault = findFault(run.context.dockerfileText, { message: failure.message, stepName, stepNumber });
    const wire = { code: failure.code, message: failure.message };
    return { error: failure, state: { status: "failed", error: wire, ...(fault ? { fault } : {}) } };
  }

  #mapped(error: unknown, { log }: BuildRun): AppError {
    if (error instanceof StreamedError) {
      const words = log.masked(error.message).replace(/^failed to solve( with frontend \S+)?: /, "");
      if (/no space left on device/i.test(words)) {
        return toTransferError(error, { verb: "build", subject: "the image", registry: "" });
      }
      return new AppError("bad_request", `The build failed: ${words}`, { cause: error });
    }
    const { code, message, data } = toTransferError(error, { verb: "build", subject: "the image", registry: "" });
    return new AppError(code, log.masked(message), { cause: error, ...(data ? { data } : {}) });
  }
}
