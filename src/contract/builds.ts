import { z } from "zod";
import { hostPath, imageReference, platform } from "./images.ts";
import { listUpdate, nothing } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";
import { wireErrorSchema } from "./wire-error.ts";

const argument = z.object({ name: z.string().min(1).max(256), value: z.string().max(65_536) });

/** What a build is asked for. */
export const buildRequest = z.object({
  /** Folder whose files the Dockerfile may use. */
  context: hostPath,
  /** Path of the Dockerfile within the folder. */
  dockerfile: z.string().min(1).max(4_096),
  tags: z.array(imageReference).max(50),
  args: z.array(argument).max(200),
  /** Stage to stop at; empty means the last. */
  target: z.string().max(128),
  platform: platform.optional(),
  noCache: z.boolean(),
  /** Fetches newer base images. */
  pull: z.boolean(),
  /** Files whose content `RUN --mount=type=secret,id=…` sees; it is never kept or shown. */
  secrets: z.array(z.object({ id: z.string().min(1).max(128), path: hostPath })).max(50),
});

export type BuildRequest = z.infer<typeof buildRequest>;

/** `buildkit` runs in the engine with a session of ours; `classic` is the engine's older builder. */
export const builders = ["buildkit", "classic"] as const;

export type Builder = (typeof builders)[number];

export const buildStep = z.object({
  id: z.string(),
  /** The instruction as the builder names it, for example `[build 2/3] RUN make`. */
  name: z.string(),
  state: z.enum(["waiting", "running", "done", "cached", "failed", "cancelled"]),
  /** Milliseconds since 1970. */
  startedAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Ids of the steps that it needs. */
  needs: z.array(z.string()),
  error: z.string().optional(),
});

export type BuildStep = z.infer<typeof buildStep>;

/** Where in the Dockerfile a build failed. */
export const buildFault = z.object({
  line: z.int(),
  /** Lines around it, with their numbers. */
  excerpt: z.array(z.object({ line: z.int(), text: z.string() })),
});

export const buildState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("running") }),
  z.object({ status: z.literal("done"), imageId: z.string() }),
  z.object({ status: z.literal("failed"), error: wireErrorSchema, fault: buildFault.optional() }),
  z.object({ status: z.literal("cancelled") }),
  /** Longshore ended while it ran. */
  z.object({ status: z.literal("interrupted") }),
]);

/** One build, as the history keeps it. Secrets are named, never kept; args may be secret by mistake, so names only. */
export const build = z.object({
  id: z.string(),
  taskId: z.string(),
  context: z.string(),
  dockerfile: z.string(),
  tags: z.array(z.string()),
  argNames: z.array(z.string()),
  secretIds: z.array(z.string()),
  target: z.string(),
  platform: z.string(),
  noCache: z.boolean(),
  builder: z.enum(builders).optional(),
  /** Why not BuildKit, where it is the classic builder. */
  builderReason: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  contextBytes: z.number(),
  cachedSteps: z.int(),
  totalSteps: z.int(),
  state: buildState,
});

export type Build = z.infer<typeof build>;

/** One item of a build's log: steps that changed, and text behind what was sent before. */
export const buildUpdate = z.object({
  build,
  steps: z.array(buildStep),
  /** In order; `step` is the id of the step that wrote it. */
  log: z.array(z.object({ step: z.string(), text: z.string() })),
  /** Characters of the log that were left out because it grew too long. */
  omitted: z.number(),
});

export type BuildUpdate = z.infer<typeof buildUpdate>;

/** What a build would send to the engine. */
export const contextPreview = z.object({
  files: z.int(),
  sizeBytes: z.number(),
  /** Files that .dockerignore leaves out; folders that it leaves out whole count as one. */
  ignored: z.int(),
  ignoreFile: z.string().optional(),
  /** The largest, biggest first. */
  largest: z.array(z.object({ path: z.string(), sizeBytes: z.number() })),
  /** Dockerfiles found at the top of the folder. */
  dockerfiles: z.array(z.string()),
  /** Names of the Dockerfile's stages and build arguments. */
  stages: z.array(z.string()),
  args: z.array(z.string()),
});

export type ContextPreview = z.infer<typeof contextPreview>;

const target = z.object({ id: z.string().max(64) });

export const builds = {
  /** The history, oldest first, and its changes. */
  watch: stream(nothing, listUpdate(build)),
  /** Reads the folder as a build would. Errors: not_found (folder, Dockerfile), bad_request. */
  preview: call(z.object({ context: hostPath, dockerfile: z.string().min(1).max(4_096) }), contextPreview),
  /** Starts a build as a task. Errors: not_found, bad_request. */
  start: call(buildRequest, z.object({ buildId: z.string(), taskId: z.string() })),
  /** Steps and log from the beginning, then as they come; ends with the build. Errors: not_found. */
  follow: stream(target, buildUpdate),
  /** Forgets a build that has ended, and its log. Errors: not_found; conflict while it runs. */
  remove: call(target, z.object({})),
} as const;
