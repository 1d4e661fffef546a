import { z } from "zod";
import { logLevels } from "./log-view.ts";

/** What to look for. Lines are matched one by one, as `grep` does, over their raw text. */
export const logQuery = z.object({
  text: z.string().min(1).max(1000),
  /** ECMAScript syntax, with the `u` flag where the expression allows it. */
  regex: z.boolean(),
  caseSensitive: z.boolean(),
});

export type LogQuery = z.infer<typeof logQuery>;

/** What a view shows. All parts must let a line through. */
export const logFilter = z.object({
  /** Source indices; absent means all. */
  sources: z.array(z.int()).optional(),
  stdout: z.boolean(),
  stderr: z.boolean(),
  /** Absent means all. A stack trace goes with the line that it follows. */
  levels: z.array(z.enum(logLevels)).optional(),
  /** Time range, milliseconds since 1970, `from` included and `to` not. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** Rows of the search alone, with `context` rows around each; `invert` shows what does not match. Without a search: no effect. */
  onlyMatches: z.object({ context: z.int().min(0).max(100), invert: z.boolean() }).optional(),
  /** Shows restarts, stops, gaps and the like as rows; hidden anyway by `onlyMatches`. */
  dividers: z.boolean(),
  /** Folds the lines of a stack trace behind the first. */
  foldTraces: z.boolean(),
});

export type LogFilter = z.infer<typeof logFilter>;

/** Everything, as it came. */
export const noLogFilter: LogFilter = { stdout: true, stderr: true, dividers: true, foldTraces: false };
