import type { z } from "zod";
import { AppError } from "../errors.ts";
import type { WireError } from "../wire-error.ts";
import type { Port } from "./port.ts";
import type { Call, Contract, Procedure, ServedArea, ServedAreas, Stream } from "./procedure.ts";
import { type OpenRequest, requestSchema } from "./request.ts";

export interface ServeOptions {
  /** Called for each failure that no handler foresaw; returns the id under which it was logged. */
  readonly onInternalError: (error: unknown, procedure: string) => string;
}

/** More than any screen opens at once; beyond it a peer is broken or hostile. */
const maxOpenRequests = 512;

class OpenEntry {
  readonly controller = new AbortController();
  #credit: number;
  #wake = (): void => {};

  constructor(credit: number) {
    this.#credit = credit;
  }

  grant(count: number): void {
    this.#credit += count;
    this.#wake();
  }

  cancel(): void {
    this.controller.abort();
    this.#wake();
  }

  /** Waits until one more item may be sent; false once the request was cancelled. */
  async takeCredit(): Promise<boolean> {
    while (this.#credit <= 0 && !this.controller.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#credit -= 1;
    return !this.controller.signal.aborted;
  }
}

function parseInput(procedure: { input: z.ZodType }, open: OpenRequest): unknown {
  const parsed = procedure.input.safeParse(open.input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at "${issue.path.join(".")}"` : "";
  throw new AppError(
    "bad_request",
    `The request ${open.procedure} is invalid${where}: ${issue?.message ?? "unknown"}.`,
  );
}

function parseOutput(schema: z.ZodType, value: unknown, name: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${name} answered outside its contract: ${parsed.error.message}`);
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;

type AnyArea = ServedArea<Readonly<Record<string, Procedure>>>;

type AnyAreas = Readonly<Record<string, (name: string) => AnyArea | Promise<AnyArea>>>;

interface Target {
  readonly procedure: Procedure;
  readonly handler: AnyHandler;
}

/** What answers a wire name, or undefined. Own properties only: `__proto__.toString` is no procedure. */
async function findTarget(areas: AnyAreas, wireName: string): Promise<Target | undefined> {
  const [area = "", name = "", ...rest] = wireName.split(".");
  if (rest.length > 0 || !Object.hasOwn(areas, area)) return undefined;
  const served = await areas[area]?.(name);
  const procedure = served && Object.hasOwn(served.procedures, name) ? served.procedures[name] : undefined;
  if (!served || !procedure) return undefined;
  const handler: AnyHandler | undefined = served.handlers[name] as never;
  if (!handler) throw new Error(`no handler is registered for ${wireName}`);
  return { procedure, handler };
}

async function runStream(
  procedure: Stream,
  iterable: AsyncIterable<unknown>,
  { open, entry, send }: { open: OpenRequest; entry: OpenEntry; send: (value: unknown) => void },
): Promise<void> {
  const { signal } = entry.controller;
  const iterator = iterable[Symbol.asyncIterator]();
  const aborted = new Promise<"aborted">((resolve) => {
    signal.addEventListener("abort", () => resolve("aborted"), { once: true });
  });
  try {
    // Credit is taken before the source is asked, so that a slow screen slows the source itself.
    while (await entry.takeCredit()) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === "aborted" || next.done) return;
      send(parseOutput(procedure.item, next.value, open.procedure));
    }
  } finally {
    // Not awaited: a source that is stuck must not keep the request; its failure after the end concerns nobody.
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

async function runCall(procedure: Call, answer: unknown, open: OpenRequest): Promise<unknown> {
  return parseOutput(procedure.output, await answer, open.procedure);
}

/** Serves a contract over one port until the port closes, which cancels whatever is still open. */
export function serve<C extends Contract>(
  areas: ServedAreas<C>,
  { port, onInternalError }: ServeOptions & { port: Port },
): void {
  const entries = new Map<number, OpenEntry>();

  function wireError(error: unknown, name: string): WireError {
    if (error instanceof AppError && error.code !== "internal") {
      return { code: error.code, message: error.message, ...(error.data ? { data: error.data } : {}) };
    }
    const id = onInternalError(error, name);
    const message = `Longshore met an error that it did not expect (${id}). Its log holds the details; try again.`;
    return { code: "internal", message, data: { id } };
  }

  async function answer(open: OpenRequest, entry: OpenEntry): Promise<void> {
    const { signal } = entry.controller;
    // Names and handlers belong together by the type of `areas`; a name from the wire has no type.
    const target = await findTarget(areas as never, open.procedure);
    if (!target) throw new AppError("bad_request", `There is no procedure "${open.procedure}".`);
    if (signal.aborted) return;
    const { procedure, handler } = target;
    const result = handler(parseInput(procedure, open), signal);
    if (procedure.kind === "call") {
      const value = await runCall(procedure, result, open);
      if (!signal.aborted) port.send({ type: "end", id: open.id, value });
      return;
    }
    const send = (value: unknown): void => port.send({ type: "item", id: open.id, value });
    // A stream handler returns an AsyncIterable by its type; the table above has lost that.
    await runStream(procedure, result as AsyncIterable<unknown>, { open, entry, send });
    if (!signal.aborted) port.send({ type: "end", id: open.id });
  }

  async function start(open: OpenRequest): Promise<void> {
    if (entries.has(open.id) || entries.size >= maxOpenRequests) {
      const message = entries.has(open.id) ? "This request id is in use." : "Too many requests are open at once.";
      return port.send({ type: "error", id: open.id, error: { code: "bad_request", message } });
    }
    const entry = new OpenEntry(open.credit);
    entries.set(open.id, entry);
    try {
      await answer(open, entry);
    } catch (error) {
      if (!entry.controller.signal.aborted) {
        port.send({ type: "error", id: open.id, error: wireError(error, open.procedure) });
      }
    } finally {
      entries.delete(open.id);
    }
  }

  port.onMessage((message) => {
    const parsed = requestSchema.safeParse(message);
    // An envelope that is none of ours is dropped: there is no id to answer to.
    if (!parsed.success) return;
    const request = parsed.data;
    if (request.type === "open") void start(request);
    else if (request.type === "credit") entries.get(request.id)?.grant(request.count);
    else entries.get(request.id)?.cancel();
  });
  port.onClose(() => {
    for (const entry of entries.values()) entry.cancel();
  });
}
