import { z } from "zod";
import { listUpdate, nothing, reference } from "./lists.ts";
import { logFilter, logQuery } from "./log-filter.ts";
import { lineId, logRows, logStatus, sourceSpec } from "./log-view.ts";
import { call, stream } from "./rpc/procedure.ts";

/** Docker's answer to `tail` is bounded: the last lines of a container, then what it writes. */
export const maxTailLines = 10_000;

/**
 * A batch of whole lines: UTF-8 bytes with one record a line, in the order in which the engine sent them.
 * `ends[i]` is the offset behind line i (line breaks are not in `bytes`); `sources[i]` is 1 for stdout, 2 for stderr.
 */
const lines = z.object({
  kind: z.literal("lines"),
  bytes: z.instanceof(Uint8Array),
  ends: z.array(z.int()),
  sources: z.array(z.union([z.literal(1), z.literal(2)])),
});

export const logItem = z.discriminatedUnion("kind", [
  lines,
  /** The history is shown completely; what follows is live. */
  z.object({ kind: z.literal("live") }),
  /** The container stopped or was removed; the stream ends or, with `follow`, waits for the next start. */
  z.object({ kind: z.literal("ended"), reason: z.enum(["stopped", "removed", "engine"]) }),
  /** A container that had ended was started again; its lines follow. */
  z.object({ kind: z.literal("restarted") }),
]);

export type LogItem = z.infer<typeof logItem>;

const inView = z.object({
  /** The id that the `opened` item of `logs.view` gave. Errors of all that take it: not_found once the view is closed. */
  view: z.string().max(64),
});

/** A position at which something stands, in the order of the epoch that is named. */
const place = z.object({ epoch: z.int(), position: z.int() });

const loadProgress = z.object({
  /** Lines that this load has read so far. */
  lines: z.int(),
  bytes: z.number(),
  /** 0 to 1, estimated from the times of the lines; 1 in the last item. */
  fraction: z.number(),
});

export type LogLoadProgress = z.infer<typeof loadProgress>;

const searchItem = z.discriminatedUnion("kind", [
  /** Sent about every 50 ms while it scans, once when it is through (`done`), and again when live lines match. */
  z.object({
    kind: z.literal("progress"),
    /** Rows of the present order that match. Dividers never do. */
    matches: z.int(),
    scannedLines: z.int(),
    totalLines: z.int(),
    done: z.boolean(),
  }),
  /** The regular expression took more than 500 ms on one slice and was stopped; what was found until then stays. */
  z.object({ kind: z.literal("stopped"), matches: z.int(), scannedLines: z.int(), message: z.string() }),
]);

export type LogSearchItem = z.infer<typeof searchItem>;

const histogram = z.object({
  /** Milliseconds since 1970 of the first bucket's start. */
  from: z.number(),
  bucketMs: z.number(),
  /** Per bucket the number of lines of each level, by the index of `logLevels`. */
  buckets: z.array(z.array(z.int())),
});

export type LogHistogram = z.infer<typeof histogram>;

/** `raw` is what `docker logs` prints; `timestamps` puts UTC time and, with several sources, the name before each line. */
export const logExportFormats = ["raw", "timestamps", "jsonl"] as const;

const exportItem = z.object({
  /** UTF-8 text (or the container's own bytes), a piece of the file. */
  bytes: z.instanceof(Uint8Array),
  /** Lines written so far. */
  lines: z.int(),
});

/** See `logs.past`. */
export const pastLog = z.object({
  /** Name of the containers, which stitches one container's successors together. */
  name: z.string(),
  /** The containers of that name that logs were kept of, the oldest first. */
  generations: z.array(
    z.object({
      containerId: z.string(),
      image: z.string(),
      firstAt: z.number(),
      lastAt: z.number(),
      lines: z.int(),
    }),
  ),
  /** On disk. */
  sizeBytes: z.number(),
  /** A container of this name is there now. */
  present: z.boolean(),
});

/** What is kept on disk of one name's containers. */
export type PastLog = z.infer<typeof pastLog>;

const sizeEntry = z.object({
  containerId: z.string(),
  name: z.string(),
  driver: z.string(),
  /** Of the json-file and its rotated parts; absent where the engine's files cannot be seen from here. */
  sizeBytes: z.number().optional(),
  /** Docker's limits, or absent where the log grows without end. */
  rotation: z.object({ maxSize: z.string(), maxFiles: z.int() }).optional(),
  /** Words for the screen where something should be changed. */
  warning: z.string().optional(),
});

export type LogSize = z.infer<typeof sizeEntry>;

export const logs = {
  /** Last lines and then the live ones. Errors: not_found, conflict where the log driver cannot be read. */
  tail: stream(z.object({ id: reference, tail: z.int().min(0).max(maxTailLines), follow: z.boolean() }), logItem),

  /**
   * Opens a view over any number of containers, merged by time. Lives until the loop is left. The first item is
   * `opened`; a `status` follows each change, at most 20 a second once the first lines are read. A source that fails
   * says so in its status; the view stays. `tail` is how many lines are read before the rest is asked for. Errors:
   * bad_request.
   */
  view: stream(
    z.object({
      sources: z.array(sourceSpec).min(1).max(500),
      follow: z.boolean(),
      tail: z.int().min(1).max(maxTailLines).optional(),
    }),
    z.discriminatedUnion("kind", [z.object({ kind: z.literal("opened"), view: z.string() }), logStatus]),
  ),
  /** Changes which sources a view has; those that stay keep their index and lines. */
  setSources: call(inView.extend({ sources: z.array(sourceSpec).min(1).max(500) }), nothing),
  /** Rows `from` up to `from + count`, as far as they are there. */
  rows: call(inView.extend({ from: z.int(), count: z.int().min(0).max(2000) }), logRows),
  /** One whole line. Errors: not_found once its block was given up. */
  line: call(inView.extend({ id: lineId }), z.object({ bytes: z.instanceof(Uint8Array) })),
  /** Sets the whole filter; the order gets a new epoch. Answers where the row that stood at `anchor` is now, or the next one. */
  filter: call(inView.extend({ filter: logFilter, anchor: lineId.optional() }), place),
  /** Where a line stands in the present order; the next one behind it where the filter hides it. */
  locate: call(inView.extend({ id: lineId }), place),
  /** The first row at or after a time (milliseconds since 1970). */
  seek: call(inView.extend({ time: z.number() }), place),
  /** Opens or folds the stack trace behind a row, while the filter's `foldTraces` is on. */
  fold: call(inView.extend({ id: lineId, folded: z.boolean() }), nothing),
  /** Hides what is there now, or shows it again. Deletes nothing. */
  clear: call(inView.extend({ cleared: z.boolean() }), nothing),
  /**
   * Reads the next older lines of every source that has any, twice as many each time. `more` is false when every source
   * is read from its start. One at a time a view: a second call waits for the first.
   */
  older: call(inView, z.object({ addedLines: z.int(), more: z.boolean() })),
  /** Reads all that there is. Leaving the loop stops it; what was read so far is given up unless it is complete. */
  load: stream(inView, loadProgress),
  /**
   * Searches all lines of the view that the filter's other parts let through, and those that arrive. A view has one
   * search: a new one ends the old one's stream, and leaving the loop clears it. Errors: bad_request for an invalid
   * expression, with `data: { position, reason }` (position is an offset into `query.text`).
   */
  search: stream(inView.extend({ query: logQuery }), searchItem),
  /** The nearest matching row from a position on (itself excluded), going round at the ends; null where nothing matches. */
  match: call(
    inView.extend({ from: z.int(), direction: z.enum(["next", "previous"]) }),
    z.object({ found: place.extend({ /** 1 for the first match. */ ordinal: z.int() }).nullable(), total: z.int() }),
  ),
  /** Matching rows along the scrollbar: bucket i counts those of the i-th part of the rows. */
  matchMap: call(inView.extend({ buckets: z.int().min(1).max(4000) }), z.object({ counts: z.array(z.int()) })),
  /** Lines over time, of what the filter lets through apart from its time range. Without `from` and `to`: all there is. */
  histogram: call(
    inView.extend({ buckets: z.int().min(1).max(2000), from: z.number().optional(), to: z.number().optional() }),
    histogram,
  ),
  /**
   * A file's bytes. `everything` reads the whole logs anew from the engine (and what is kept), however long they are;
   * `shown` is the rows of the present order, or those from position `from` to before `to`.
   */
  export: stream(
    inView.extend({
      what: z.enum(["everything", "shown"]),
      format: z.enum(logExportFormats),
      from: z.int().optional(),
      to: z.int().optional(),
    }),
    exportItem,
  ),

  /** Kept logs by container name, those of containers that are gone included; live. The key is `name`. */
  past: stream(nothing, listUpdate(pastLog)),
  /** Deletes what is kept of these names. */
  forget: call(z.object({ names: z.array(z.string().max(256)).min(1).max(1000) }), nothing),
  /** Searches all kept logs for a literal text; one item a name, with its count and first lines. Leaving the loop stops it. */
  searchPast: stream(
    z.object({ text: z.string().min(1).max(1000), caseSensitive: z.boolean() }),
    z.object({ name: z.string(), matches: z.int(), samples: z.array(z.object({ at: z.number(), text: z.string() })) }),
  ),
  /** Log sizes and rotation of all containers, the largest first. */
  sizes: call(nothing, z.object({ entries: z.array(sizeEntry) })),
} as const;
