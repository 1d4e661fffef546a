import { z } from "zod";
import { nothing } from "#contract/lists.ts";
import { logMark, logSourceStatus, logStatus, sourceSpec } from "#contract/log-view.ts";
import { logs, pastLog } from "#contract/logs.ts";
import { call, stream } from "#contract/rpc/procedure.ts";

/** Which source of which view bytes belong to. `older`: a separate stream of lines before those that are there. */
const target = z.object({ view: z.string(), source: z.int(), older: z.boolean() });

/** Bytes that are copied on their way, or lie in memory that both threads see. */
const sharedBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const feeds = z.object({ added: z.array(z.object({ source: z.int(), spec: sourceSpec })) });

/** What the engine says to its log worker; the same rpc as between screen and engine, over the worker's port. */
export const logWorkerContract = {
  view: {
    open: call(z.object({ view: z.string(), sources: z.array(sourceSpec) }), feeds),
    setSources: call(z.object({ view: z.string(), sources: z.array(sourceSpec) }), feeds),
    status: stream(z.object({ view: z.string() }), logStatus),
    close: call(z.object({ view: z.string() }), nothing),
    rows: logs.rows,
    line: logs.line,
    filter: logs.filter,
    locate: logs.locate,
    seek: logs.seek,
    fold: logs.fold,
    clear: logs.clear,
    search: logs.search,
    match: logs.match,
    matchMap: logs.matchMap,
    histogram: logs.histogram,
    /** `export` of what is shown. */
    shown: logs.export,
  },
  feed: {
    /** A stream begins. From here on its lines are kept, where any are. */
    open: call(
      target.extend({
        tty: z.boolean(),
        name: z.string(),
        containerId: z.string(),
        image: z.string(),
        createdAt: z.number(),
        skewMs: z.number(),
      }),
      nothing,
    ),
    openOlder: call(target.extend({ tty: z.boolean() }), nothing),
    /**
     * Answers when the bytes are taken in: who waits for it is slowed to the store's pace. `done`: the older lines have
     * met those that are there, and no more are wanted.
     */
    chunk: call(target.extend({ bytes: sharedBytes }), z.object({ done: z.boolean() })),
    mark: call(target.extend({ mark: logMark, seconds: z.number() }), nothing),
    end: call(target, nothing),
    state: call(
      target.extend({
        state: logSourceStatus.shape.state.optional(),
        error: z.string().optional(),
        complete: z.boolean().optional(),
      }),
      nothing,
    ),
    /** How far a source has been read: what paging back needs. */
    extent: call(
      target,
      z.object({
        /** Lines in memory. */
        lines: z.int(),
        complete: z.boolean(),
        /** All that the engine has is in memory. */
        engineComplete: z.boolean(),
        full: z.boolean(),
        /** Time of the oldest line, those that are being read included; 0 where there is none. */
        oldestAt: z.number(),
        /** Of the stream of older lines: lines and bytes so far, and how far through it is. */
        older: z.object({ lines: z.int(), bytes: z.number(), fraction: z.number() }),
      }),
    ),
    /** Puts the older lines before the others. `complete` says that the engine has nothing before them. */
    commit: call(target.extend({ complete: z.boolean() }), z.object({ added: z.int() })),
    drop: call(target, nothing),
    /** Puts at least so many kept lines before the others, as far as there are any. */
    past: call(target.extend({ lines: z.int() }), z.object({ added: z.int(), more: z.boolean() })),
  },
  kept: {
    /** Keeps lines in this folder. The first call decides which. */
    open: call(z.object({ folder: z.string(), capBytes: z.number() }), nothing),
    limit: call(z.object({ capBytes: z.number() }), nothing),
    /** A feed of no view, whose lines go to disk alone; its target is `{ view: "", source, older: false }`. */
    follow: call(z.object({ source: z.int(), id: z.string() }), nothing),
    unfollow: call(z.object({ source: z.int() }), nothing),
    /** Time of the last line that is kept of a container, in milliseconds; null where nothing is. */
    lastAt: call(z.object({ containerId: z.string() }), z.object({ timeMs: z.number().nullable() })),
    watch: stream(nothing, z.object({ names: z.array(pastLog.omit({ present: true })) })),
    forget: logs.forget,
    search: logs.searchPast,
    /**
     * Kept frames of a name in order, for a file; with a container, those before what the engine has of it, which
     * begins at `beforeMs`.
     */
    read: stream(
      z.object({ name: z.string(), containerId: z.string(), beforeMs: z.number() }),
      z.object({ bytes: z.instanceof(Uint8Array) }),
    ),
    /** Writes everything. */
    close: call(nothing, nothing),
  },
  memory: { limit: call(z.object({ bytes: z.number() }), nothing) },
} as const;
