import { type Field, readFields } from "./protobuf.ts";

/** A step as BuildKit reports it. Times are milliseconds since 1970. */
export interface TraceVertex {
  readonly digest: string;
  readonly inputs: readonly string[];
  readonly name: string;
  readonly cached: boolean;
  readonly startedAt?: number;
  readonly completedAt?: number;
  readonly error: string;
}

export interface Trace {
  readonly vertexes: readonly TraceVertex[];
  readonly logs: readonly { readonly vertex: string; readonly bytes: Buffer }[];
}

function text({ value }: Field): string {
  return typeof value === "number" ? "" : value.toString("utf8");
}

function message({ value }: Field): Buffer {
  return typeof value === "number" ? Buffer.alloc(0) : value;
}

/** google.protobuf.Timestamp. */
function time(field: Field): number {
  let milliseconds = 0;
  for (const { number, value } of readFields(message(field))) {
    if (typeof value === "number") milliseconds += number === 1 ? value * 1_000 : value / 1_000_000;
  }
  return milliseconds;
}

function readVertex(bytes: Buffer): TraceVertex {
  let vertex: TraceVertex = { digest: "", inputs: [], name: "", cached: false, error: "" };
  for (const field of readFields(bytes)) {
    if (field.number === 1) vertex = { ...vertex, digest: text(field) };
    else if (field.number === 2) vertex = { ...vertex, inputs: [...vertex.inputs, text(field)] };
    else if (field.number === 3) vertex = { ...vertex, name: text(field) };
    else if (field.number === 4) vertex = { ...vertex, cached: field.value === 1 };
    else if (field.number === 5) vertex = { ...vertex, startedAt: time(field) };
    else if (field.number === 6) vertex = { ...vertex, completedAt: time(field) };
    else if (field.number === 7) vertex = { ...vertex, error: text(field) };
  }
  return vertex;
}

function readLog(bytes: Buffer): Trace["logs"][number] {
  let log: Trace["logs"][number] = { vertex: "", bytes: Buffer.alloc(0) };
  for (const field of readFields(bytes)) {
    if (field.number === 1) log = { ...log, vertex: text(field) };
    else if (field.number === 4) log = { ...log, bytes: message(field) };
  }
  return log;
}

/** `moby.buildkit.v1.StatusResponse` of a `moby.buildkit.trace` message. */
export function readTrace(base64: string): Trace {
  const vertexes: TraceVertex[] = [];
  const logs: Trace["logs"][number][] = [];
  for (const field of readFields(Buffer.from(base64, "base64"))) {
    if (field.number === 1) vertexes.push(readVertex(message(field)));
    else if (field.number === 3) logs.push(readLog(message(field)));
  }
  return { vertexes, logs };
}
