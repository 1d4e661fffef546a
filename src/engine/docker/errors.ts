import type { ContainerState, ErrorCode } from "#contract";
import { AppError } from "#contract/errors.ts";

/** What a call was about, for the words of its error. */
export interface About {
  /** Docker's verb, for example `start`, `list`, `inspect`. */
  readonly verb: string;
  /** The kind of object, for example `container`; `engine` for calls about none. */
  readonly kind: "engine" | "container" | "image" | "volume" | "network" | "exec";
  /** Name or id, as the user knows the object. */
  readonly name?: string | undefined;
  /** The name that a create or rename asked for. */
  readonly newName?: string | undefined;
  /** The image that a create was asked for. */
  readonly image?: string | undefined;
  /** What the container's state turned out to be after the failure. */
  readonly state?: ContainerState | undefined;
}

/** A status outside 2xx, with the engine's own sentence where it gave one. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: number;

  constructor(status: number, engineMessage: string) {
    super(engineMessage);
    this.status = status;
  }
}

/** The engine answered 2xx, but with something that is not what the Engine API promises. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
}

/** The connection went away under a call. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  readonly code = "ECONNRESET";
}

/** The deadline of a call passed. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms`);
    this.deadlineMs = deadlineMs;
  }
}

const shortIdLength = 12;

function subject({ kind, name }: About): string {
  if (!name) return `the ${kind}`;
  return /^(sha256:)?[0-9a-f]{64}$/.test(name) ? name.replace(/^sha256:/, "").slice(0, shortIdLength) : name;
}

function doing(about: About): string {
  return `${about.verb} ${subject(about)}`;
}

const runningStates: readonly ContainerState[] = ["running", "paused", "restarting"];

/** Why a container's state forbids a verb, or undefined where it does not. */
function stateForbids({ verb, state }: About, name: string): string | undefined {
  if (!state) return undefined;
  const runs = runningStates.includes(state);
  if (verb === "start" && state === "running") return `${name} is already running.`;
  if (verb === "start" && state === "paused") return `${name} is paused. Unpause it instead of starting it.`;
  if (verb === "stop" && !runs) return `${name} is already stopped.`;
  if (verb === "kill" && !runs) return `${name} is not running, so there is nothing to kill.`;
  if (verb === "pause" && state === "paused") return `${name} is already paused.`;
  if (verb === "pause" && !runs) return `${name} is not running, so it cannot be paused. Start it first.`;
  if (verb === "unpause" && state !== "paused") return `${name} is not paused.`;
  if (verb === "remove" && runs) return `${name} is ${state}. Stop it first, or remove it by force.`;
  return undefined;
}

function conflictMessage(about: About, engineMessage: string): string {
  if (about.kind === "container" && (about.verb === "create" || about.verb === "rename")) {
    return `The name "${about.newName ?? ""}" is already used by another container. Choose another name, or rename or remove that one.`;
  }
  return `Could not ${doing(about)}: ${engineMessage}`;
}

function notFoundMessage(about: About): string {
  if (about.verb === "create" && about.image !== undefined) {
    return `The image "${about.image}" is not on this engine. Pull it first, or check its name.`;
  }
  return `There is no ${about.kind} "${subject(about)}" any more. It may have been removed meanwhile.`;
}

function statusMessage(about: About, engineMessage: string): string {
  if (/no space left on device|disk quota exceeded/.test(engineMessage)) {
    return `Could not ${doing(about)}: the engine's disk is full. Free some space, for example by pruning images, and try again.`;
  }
  const detail = engineMessage === "" ? "the engine gave no reason." : engineMessage;
  return `Could not ${doing(about)}: ${detail}`;
}

/** Statuses of the Engine API with the code that a screen can answer to; anything else is `unavailable`. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  // The engine's router tidies a path such as `web/../x` and redirects; a name like that belongs to no object.
  301: "not_found",
  304: "conflict",
  400: "bad_request",
  401: "permission",
  403: "permission",
  404: "not_found",
  405: "bad_request",
  406: "bad_request",
  409: "conflict",
  413: "bad_request",
  501: "conflict",
};

function fromStatus(error: StatusError, about: About): AppError {
  const { status } = error;
  const code = codeOfStatus[status] ?? "unavailable";
  const options = { cause: error, data: { status } };
  const forbidden = code === "not_found" ? undefined : stateForbids(about, subject(about));
  if (forbidden) return new AppError("conflict", forbidden, options);
  if (status === 304) return new AppError(code, `${subject(about)} is already in that state.`, options);
  if (code === "not_found") return new AppError(code, notFoundMessage(about), options);
  if (status === 409) return new AppError(code, conflictMessage(about, error.message), options);
  if (status === 501 && about.verb === "read the logs of") {
    const why = "uses a log driver that cannot be read back. Choose json-file, local or journald when you create it.";
    return new AppError(code, `${subject(about)} ${why}`, options);
  }
  return new AppError(code, statusMessage(about, error.message), options);
}

/** Errors of sockets, name resolution and TLS by their code; `where` is the endpoint as a URL. */
function transportMessage(code: string, where: string): string | undefined {
  const messages: Readonly<Record<string, string>> = {
    ENOENT: `There is nothing at ${where}. Start Docker, or choose another engine in Settings.`,
    ECONNREFUSED: `Nothing answers at ${where}. Start Docker, or choose another engine in Settings.`,
    ENOTSOCK: `${where} is not a socket. Check the engine's address in Settings or DOCKER_HOST.`,
    ENOTFOUND: `The host name in ${where} cannot be resolved. Check the address and the network.`,
    EAI_AGAIN: `The host name in ${where} cannot be resolved now. Check the network.`,
    EHOSTUNREACH: `${where} cannot be reached from this machine. Check the address and the network.`,
    ENETUNREACH: `${where} cannot be reached from this machine. Check the address and the network.`,
    ETIMEDOUT: `${where} does not answer. Check the address and the network.`,
    ECONNRESET: `The engine at ${where} closed the connection.`,
    EPIPE: `The engine at ${where} closed the connection.`,
    CERT_HAS_EXPIRED: `The TLS certificate of ${where} has expired.`,
    ERR_TLS_CERT_ALTNAME_INVALID: `The TLS certificate of ${where} is for another host name.`,
  };
  if (messages[code]) return messages[code];
  if (/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_/.test(code)) {
    return `The TLS certificate of ${where} is not signed by a trusted authority (${code}). Check ca.pem in the certificate folder.`;
  }
  if (/^ERR_(SSL|OSSL)|^EPROTO$/.test(code)) {
    return `TLS with ${where} failed (${code}). Check the certificate files, and whether that port speaks TLS.`;
  }
  if (code.startsWith("HPE_")) return `What answers at ${where} does not speak HTTP, so it is no Docker Engine.`;
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** True for what an aborted request throws, whoever aborted it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || codeOf(error) === "ABORT_ERR");
}

/** dockerode gives statuses as an Error with `statusCode` and the parsed body as `json`. */
function statusOfClient(error: unknown): StatusError | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number") return undefined;
  const body: unknown = "json" in error ? error.json : undefined;
  return new StatusError(error.statusCode, engineMessage(body) ?? "");
}

/** True where the engine answered and refused; false where there was no usable answer. */
export function isRefusal(error: unknown): boolean {
  return error instanceof StatusError || statusOfClient(error) !== undefined;
}

/** The sentence in an error body of the Engine API (`{"message": …}`). */
export function engineMessage(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("message" in body)) return undefined;
  return typeof body.message === "string" ? body.message : undefined;
}

/** The one mapping from what Docker, sockets and TLS throw to `AppError`; `where` is the endpoint's URL. */
export function toEngineError(error: unknown, about: About, where: string): AppError {
  if (error instanceof AppError) return error;
  const status = error instanceof StatusError ? error : statusOfClient(error);
  if (status) return fromStatus(status, about);
  if (isAbort(error)) return new AppError("cancelled", `Cancelled: ${doing(about)}.`, { cause: error });
  if (error instanceof DeadlineError) {
    const seconds = Math.round(error.deadlineMs / 100) / 10;
    const message = `The engine at ${where} did not answer within ${seconds} s when asked to ${doing(about)}. It may still be working on it.`;
    return new AppError("timeout", message, { cause: error });
  }
  if (error instanceof UnexpectedAnswerError) {
    const message = `The engine at ${where} gave an unexpected answer when asked to ${doing(about)}: ${error.message}.`;
    return new AppError("unavailable", message, { cause: error, data: { unexpected: true } });
  }
  const code = codeOf(error);
  if (code === "EACCES" || code === "EPERM") {
    return new AppError("permission", `You may not use the engine at ${where}.`, { cause: error });
  }
  const message = code && transportMessage(code, where);
  if (message) return new AppError("unavailable", message, { cause: error, data: { code } });
  const text = error instanceof Error ? error.message : String(error);
  return new AppError("unavailable", `Could not ${doing(about)} at ${where}: ${text}.`, { cause: error });
}
