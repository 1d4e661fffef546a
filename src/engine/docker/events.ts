import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { EngineHttp } from "./http.ts";

/** The kinds of object whose events Longshore follows. */
export type EventType = "container" | "image" | "volume" | "network";

const eventTypes: readonly EventType[] = ["container", "image", "volume", "network"];

/** One line of `GET /events`. */
export interface EngineEvent {
  readonly type: EventType;
  /** For example `start`, `die`, `health_status: healthy`, `exec_start: sh`. */
  readonly action: string;
  /** Id of the object; a name for volumes, and a reference for some image events. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Seconds since 1970, by the engine's clock. */
  readonly time: number;
}

export interface EventListener {
  readonly types: readonly EventType[];
  readonly onEvent: (event: EngineEvent) => void;
  /** Events may have been missed: what was built on them must be read anew. */
  readonly onGap: () => void;
}

const rawEvent = z.object({
  Type: z.enum(eventTypes),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullish() }),
  time: z.number().default(0),
});

/** A line longer than this is no event; it is dropped, not kept in memory. */
const maxLineCharacters = 1 << 20;

/** Whole lines of a UTF-8 stream, however it is cut. */
export class LineSplitter {
  readonly #decoder = new TextDecoder("utf-8");
  #rest = "";

  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > maxLineCharacters) this.#rest = "";
    return lines.filter((line) => line.trim() !== "");
  }
}

/** An event of a line, or undefined where the line is none of ours. */
export function parseEvent(line: string): EngineEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = rawEvent.safeParse(value);
  if (!parsed.success) return undefined;
  const { Type: type, Action: action, Actor: actor, time } = parsed.data;
  return { type, action, id: actor.ID, attributes: actor.Attributes ?? {}, time };
}

/** The one event stream of a connection, for any number of listeners. Its end is the end of the connection. */
export class EventHub {
  readonly #http: EngineHttp;
  readonly #listeners = new Set<EventListener>();
  #stream: IncomingMessage | undefined;
  #lastTime = 0;
  readonly #onEnd: () => void;

  /** `onEnd` is called once, when the engine ends the stream or the socket breaks. */
  constructor(http: EngineHttp, onEnd: () => void) {
    this.#http = http;
    this.#onEnd = onEnd;
  }

  /** True once the engine ended the stream or the socket broke. */
  get ended(): boolean {
    return this.#stream?.destroyed ?? false;
  }

  /** Opens the stream, or replaces one that may have died unseen; listeners are then told of the gap. */
  async open(options: { deadlineMs: number; signal: AbortSignal }): Promise<void> {
    const previous = this.#stream;
    const stream = await this.#http.open({
      about: { verb: "follow the events of", kind: "engine" },
      path: "/events",
      // Since the last event seen: a doubled event does no harm, a lost one does.
      query: { filters: { type: eventTypes }, ...(this.#lastTime > 0 ? { since: this.#lastTime } : {}) },
      ...options,
    });
    this.#stream = stream;
    previous?.destroy();
    this.#read(stream);
    if (previous) for (const listener of this.#listeners) listener.onGap();
  }

  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(stream: IncomingMessage): void {
    const lines = new LineSplitter();
    stream.on("data", (chunk: Buffer) => {
      for (const line of lines.push(chunk)) this.#deliver(line);
    });
    stream.on("error", () => {});
    stream.once("close", () => {
      if (stream === this.#stream) this.#onEnd();
    });
  }

  #deliver(line: string): void {
    const event = parseEvent(line);
    if (!event) return;
    this.#lastTime = Math.max(this.#lastTime, event.time);
    for (const listener of this.#listeners) if (listener.types.includes(event.type)) listener.onEvent(event);
  }
}
