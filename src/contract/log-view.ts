import { z } from "zod";
import { reference } from "./lists.ts";

/**
 * Levels by their number in rows and histograms. `none` is a line in which none could be recognised.
 */
export const logLevels = ["none", "trace", "debug", "info", "warn", "error", "fatal"] as const;

export type LogLevel = (typeof logLevels)[number];

/** What a view reads: a container that is there, or what is kept of a name whose containers are gone. */
export const sourceSpec = z.discriminatedUnion("kind", [
  /** Its log, and before it what is kept of earlier containers of the same name. */
  z.object({ kind: z.literal("container"), id: reference }),
  z.object({ kind: z.literal("past"), name: z.string().min(1).max(256) }),
]);

export type LogSourceSpec = z.infer<typeof sourceSpec>;

/**
 * A line, for as long as the view lives: `source` is the source's index, `line` its number there. Newer lines have
 * greater numbers; older lines that are read later continue below the first, also with negative numbers.
 */
export const lineId = z.object({ source: z.int().nonnegative(), line: z.int() });

export type LogLineId = z.infer<typeof lineId>;

/** How one source stands. */
export const logSourceStatus = z.object({
  /** By which rows name it; never given to another source of the same view. */
  index: z.int(),
  spec: sourceSpec,
  /** The container's name. */
  name: z.string(),
  /** Empty while it is not known. */
  containerId: z.string(),
  /**
   * `reading` the first lines · `live` · `waiting` for the stopped container's next start · `past`: it is removed, or
   * the source is a kept log · `lost`: the engine does not answer, it resumes by itself · `failed`: see `error`.
   */
  state: z.enum(["reading", "live", "waiting", "past", "lost", "failed"]),
  /** Of a failed one: what happened and what to change, for example of the log driver. */
  error: z.string().optional(),
  /** How old the newest line was when it arrived, while more lines are waiting; 0 when it keeps up. */
  behindMs: z.number(),
  /** Lines and bytes in memory. */
  lines: z.int(),
  bytes: z.number(),
  /** Times (milliseconds since 1970) of the oldest and newest line in memory. */
  oldestAt: z.number().optional(),
  newestAt: z.number().optional(),
  /** Nothing older exists, here or in what is kept. */
  complete: z.boolean(),
  /** Lines that the memory budget made us give up at the old end; reading back is possible again, at the same cost. */
  evictedLines: z.int(),
  /** Lines that the engine sent twice, and that are shown once. */
  duplicates: z.int(),
  /** Places where the engine had thrown lines away before we could read them; each is a `gap` divider. */
  gaps: z.int(),
});

export type LogSourceStatus = z.infer<typeof logSourceStatus>;

/**
 * The rows of a view stand at positions `first` up to `first + count`. Positions are stable within an epoch: older
 * lines are put before `first` (which then shrinks, also below 0), given-up lines make it grow, new ones come at the
 * end. Only with several sources may late lines push in near the end, and given-up ones go from between others near the
 * beginning: rows at or behind `changedFrom`, and those before `changedBefore`, are to be read again. A new epoch (filter, another set of sources, a complete load) numbers all anew; anchor by `logs.locate`.
 */
export const logStatus = z.object({
  kind: z.literal("status"),
  epoch: z.int(),
  first: z.int(),
  count: z.int(),
  /** Lowest position whose row may differ from what was read before this item; absent where none does. */
  changedFrom: z.int().optional(),
  /** Rows before this position may differ from what was read before this item; absent where none does. */
  changedBefore: z.int().optional(),
  sources: z.array(logSourceStatus),
  memory: z.object({ usedBytes: z.number(), budgetBytes: z.number() }),
  /** Whether read lines are kept on disk: `memory` where the disk is full or cannot be written, with the notice to show. */
  kept: z.object({ state: z.enum(["disk", "memory"]), notice: z.string().optional() }),
});

export type LogStatus = z.infer<typeof logStatus>;

/** Bytes of a line in `logs.rows`; a longer one is cut here, and `logs.line` gives it whole. */
export const maxRowBytes = 8192;

/**
 * Rows in order. All arrays but `highlights` have one entry a row. Row i is
 * `bytes[ends[i - 1] ?? 0 … ends[i]]`, without its line break: UTF-8 as the container wrote it (escape sequences
 * included, and not always valid), or for a divider (`streams[i] === 0`) the JSON of a `LogMark`.
 */
export const logRows = z.object({
  epoch: z.int(),
  /** Position of the first row given. */
  from: z.int(),
  bytes: z.instanceof(Uint8Array),
  ends: z.array(z.int()),
  /** The lines' whole lengths in bytes; more than `maxRowBytes` means that the row is cut. */
  lengths: z.array(z.int()),
  sources: z.array(z.int()),
  lines: z.array(z.int()),
  /** 0 divider, 1 stdout, 2 stderr. */
  streams: z.array(z.int()),
  /** Index into `logLevels`. */
  levels: z.array(z.int()),
  /** Milliseconds since 1970 with the fraction that a double holds. */
  times: z.array(z.number()),
  /** True where the search matches. */
  matched: z.array(z.boolean()),
  /** Lines of a stack trace that are folded away behind the row. */
  folded: z.array(z.int()),
  /** True where the next row is not the next line: filter-only mode left some out between them. */
  broken: z.array(z.boolean()),
  /** What the search found: row (index here), and start and end in UTF-16 units of the decoded row. */
  highlights: z.array(z.tuple([z.int(), z.int(), z.int()])),
});

export type LogRows = z.infer<typeof logRows>;

/** What a divider says; its time is the row's. */
export const logMark = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("started") }),
  z.object({ kind: z.literal("stopped"), exitCode: z.int().optional() }),
  z.object({ kind: z.literal("oom") }),
  z.object({ kind: z.literal("health"), status: z.string() }),
  z.object({ kind: z.literal("removed") }),
  /** Lines of another container of the same name begin here. */
  z.object({ kind: z.literal("generation"), containerId: z.string(), image: z.string() }),
  /** `rotated`: the engine threw lines away before they were read · `unread`: they were not followed, or over the limit. */
  z.object({ kind: z.literal("gap"), why: z.enum(["rotated", "unread"]), from: z.number(), to: z.number() }),
  z.object({ kind: z.literal("reconnected") }),
]);

export type LogMark = z.infer<typeof logMark>;
