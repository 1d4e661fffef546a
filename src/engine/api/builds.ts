import { readdir } from "node:fs/promises";
import type { ContextPreview, LongshoreHandlers } from "#contract";
import type { Builds } from "../builds/builds.ts";
import { readContext } from "../builds/context.ts";
import { readStages } from "../builds/dockerfile.ts";

const largestShown = 5;

async function preview(folder: string, dockerfile: string): Promise<ContextPreview> {
  const context = await readContext(folder, dockerfile);
  const files = context.files.filter(({ kind }) => kind === "file");
  const largest = files.toSorted((a, b) => b.sizeBytes - a.sizeBytes).slice(0, largestShown);
  const names = await readdir(context.folder);
  return {
    files: files.length,
    sizeBytes: context.sizeBytes,
    ignored: context.ignored,
    ...(context.ignoreFile === undefined ? {} : { ignoreFile: context.ignoreFile }),
    largest: largest.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    dockerfiles: names.filter(
      (name) => /^(Dockerfile|Containerfile)(\..+)?$|\.Dockerfile$/i.test(name) && !name.endsWith(".dockerignore"),
    ),
    ...readStages(context.dockerfileText),
  };
}

/** Handlers of `builds`. */
export function buildHandlers(builds: Builds): LongshoreHandlers["builds"] {
  return {
    watch: (_input, signal) => builds.watch(signal),
    preview: ({ context, dockerfile }) => preview(context, dockerfile),
    start: (request) => builds.start(request),
    follow: ({ id }, signal) => builds.follow(id, signal),
    remove: async ({ id }) => {
      await builds.remove(id);
      return {};
    },
  };
}
