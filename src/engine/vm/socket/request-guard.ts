import { Transform, type TransformCallback } from "node:stream";

/** Says why a container may not be created from this body; undefined where it may. */
export type CreateCheck = (body: unknown) => string | undefined;

interface GuardOptions {
  readonly check: CreateCheck;
  /** Answers the client in place of the guest; nothing more of the client is carried after it. */
  readonly refuse: (why: string) => void;
  /** A request that starts a container is on its way to the guest. */
  readonly onStart?: () => void;
}

type Mode =
  | { readonly kind: "head"; readonly bytes: Buffer }
  | { readonly kind: "body"; readonly left: number }
  | { readonly kind: "create"; readonly head: Buffer; readonly chunks: readonly Buffer[]; readonly left: number }
  /** Everything is carried unseen: streams, and whatever is not plain HTTP with a known length. */
  | { readonly kind: "opaque" }
  | { readonly kind: "refused" };

const longestHead = 64 * 1024;
const longestCreate = 4 * 2 ** 20;
const headEnd = Buffer.from("\r\n\r\n");
const createRequest = /^POST \/(?:v[\d.]+\/)?containers\/create[?\s]/;
const startRequest = /^POST \/(?:v[\d.]+\/)?containers\/[^/\s]+\/(?:start|restart|unpause)[?\s]/;
/** After these requests the connection is a stream and no HTTP any more. */
const streamRequest = /^POST \/(?:v[\d.]+\/)?(?:containers\/[^/\s]+\/attach|exec\/[^/\s]+\/start|session|grpc)[?\s]/;

/**
 * Carries what a client sends; it looks only at bodies of `POST /containers/create`, and tells of starts. It follows the requests
 * by their stated length; at the first thing that it does not know, it stops looking for good.
 */
export function requestGuard({ check, refuse, onStart = () => {} }: GuardOptions): Transform {
  let mode: Mode = { kind: "head", bytes: Buffer.alloc(0) };
  return new Transform({
    transform(chunk: Buffer, _encoding, callback: TransformCallback) {
      let rest = chunk;
      while (rest.length > 0) {
        const step = advance(mode, rest, check);
        mode = step.mode;
        rest = step.rest;
        if (step.send !== undefined) this.push(step.send);
        if (step.refusal !== undefined) refuse(step.refusal);
        if (step.starts === true) onStart();
      }
      callback();
    },
    flush(callback) {
      if (mode.kind === "head" && mode.bytes.length > 0) this.push(mode.bytes);
      callback();
    },
  });
}

interface Step {
  readonly mode: Mode;
  readonly rest: Buffer;
  readonly send?: Buffer;
  readonly refusal?: string;
  readonly starts?: boolean;
}

const nothing = Buffer.alloc(0);

function advance(mode: Mode, chunk: Buffer, check: CreateCheck): Step {
  switch (mode.kind) {
    case "opaque":
      return { mode, rest: nothing, send: chunk };
    case "refused":
      return { mode, rest: nothing };
    case "body": {
      const send = chunk.subarray(0, mode.left);
      const left = mode.left - send.length;
      const next: Mode = left === 0 ? { kind: "head", bytes: nothing } : { kind: "body", left };
      return { mode: next, rest: chunk.subarray(send.length), send };
    }
    case "head":
      return readHead(Buffer.concat([mode.bytes, chunk]));
    case "create":
      return readCreate(mode, chunk, check);
  }
}

function readHead(bytes: Buffer): Step {
  const end = bytes.indexOf(headEnd);
  const looksLikeHttp = /^[A-Z]{1,7}( |$)/.test(bytes.subarray(0, 8).toString("latin1"));
  if (!looksLikeHttp || (end < 0 && bytes.length > longestHead))
    return { mode: { kind: "opaque" }, rest: nothing, send: bytes };
  if (end < 0) return { mode: { kind: "head", bytes }, rest: nothing };
  const head = bytes.subarray(0, end + headEnd.length);
  const rest = bytes.subarray(head.length);
  const text = head.toString("latin1");
  const left = bodyLength(text);
  if (left === undefined || streamRequest.test(text)) return { mode: { kind: "opaque" }, rest: nothing, send: bytes };
  const starts = startRequest.test(text);
  if (left === 0) return { mode: { kind: "head", bytes: nothing }, rest, send: head, starts };
  if (createRequest.test(text) && left <= longestCreate) {
    return { mode: { kind: "create", head, chunks: [], left }, rest };
  }
  return { mode: { kind: "body", left }, rest, send: head, starts };
}

/** Length of the body by the headers; undefined where they do not plainly say it. */
function bodyLength(head: string): number | undefined {
  if (/^(upgrade|transfer-encoding|expect):/im.test(head)) return undefined;
  const lengths = [...head.matchAll(/^content-length:\s*(\d+)\s*$/gim)];
  if (lengths.length > 1) return undefined;
  return Number(lengths[0]?.[1] ?? 0);
}

function readCreate(mode: Extract<Mode, { kind: "create" }>, chunk: Buffer, check: CreateCheck): Step {
  const part = chunk.subarray(0, mode.left);
  const chunks = [...mode.chunks, part];
  const left = mode.left - part.length;
  const rest = chunk.subarray(part.length);
  if (left > 0) return { mode: { ...mode, chunks, left }, rest };
  const body = Buffer.concat(chunks);
  const refusal = check(parse(body));
  if (refusal !== undefined) return { mode: { kind: "refused" }, rest, refusal };
  return { mode: { kind: "head", bytes: nothing }, rest, send: Buffer.concat([mode.head, body]) };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
