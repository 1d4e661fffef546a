import { z } from "zod";
import { parseImageReference } from "./image-reference.ts";
import { listUpdate, nothing, reference } from "./lists.ts";
import { call, stream } from "./rpc/procedure.ts";
import { startedTask } from "./tasks.ts";

/** One row of the images list (`GET /images/json`); an image without a tag has none in `tags`. */
export const imageSummary = z.object({
  id: z.string(),
  /** `repository:tag` references. */
  tags: z.array(z.string()),
  digests: z.array(z.string()),
  createdAt: z.number(),
  sizeBytes: z.number(),
  labels: z.record(z.string(), z.string()),
});

export type ImageSummary = z.infer<typeof imageSummary>;

/** A reference by Docker's grammar, for example `registry.example.com/team/app:1.0`. */
export const imageReference = z
  .string()
  .max(1024)
  .check((context) => {
    const result = parseImageReference(context.value);
    if (!result.ok) context.issues.push({ code: "custom", message: result.problem, input: context.value });
  });

/** `os/architecture[/variant]`, for example `linux/arm64`. */
export const platform = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/, "is not os/architecture, for example linux/arm64");

/** A layer of an image, the lowest first. */
export const imageLayer = z.object({
  /** Digest of the layer's uncompressed tar; absent for a step that made no layer. */
  diffId: z.string().optional(),
  sizeBytes: z.number(),
  /** Milliseconds since 1970; absent where the image does not say. */
  createdAt: z.number().optional(),
  /** The instruction, as the image tells it. */
  command: z.string(),
  comment: z.string(),
});

export type ImageLayer = z.infer<typeof imageLayer>;

/** Everything that the Overview and the Layers show (`GET /images/{id}/json` and `/history`). */
export const imageDetails = z.object({
  id: z.string(),
  tags: z.array(z.string()),
  /** `repository@digest`, as registries know it. */
  digests: z.array(z.string()),
  createdAt: z.number().optional(),
  sizeBytes: z.number(),
  platform: z.string(),
  author: z.string(),
  comment: z.string(),
  entrypoint: z.array(z.string()),
  command: z.array(z.string()),
  workingDir: z.string(),
  user: z.string(),
  stopSignal: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  /** For example `80/tcp`. */
  ports: z.array(z.string()),
  volumes: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  /** Shell words of the health check, or none. */
  healthcheck: z.array(z.string()),
  layers: z.array(imageLayer),
  /** The answer as the engine gave it. */
  raw: z.json(),
});

export type ImageDetails = z.infer<typeof imageDetails>;

/** What an image takes on the disk; `uniqueBytes` is what its removal alone would free. */
export const imageUsage = z.object({ id: z.string(), sharedBytes: z.number(), uniqueBytes: z.number() });

const containerRef = z.object({ id: z.string(), name: z.string(), state: z.string() });

/** What removing an image would do, and what stands in the way. */
export const removalPlan = z.object({
  id: z.string(),
  tags: z.array(z.string()),
  /** Containers made from it; running ones block in any case, stopped ones unless forced. */
  containers: z.array(containerRef),
  /** Images that were built on it and still exist; the engine then keeps its layers. */
  children: z.array(z.object({ id: z.string(), tags: z.array(z.string()) })),
  uniqueBytes: z.number(),
});

export type RemovalPlan = z.infer<typeof removalPlan>;

const removed = z.object({ untagged: z.array(z.string()), deleted: z.array(z.string()) });

/** A layer that images of a prune preview stand on. */
const pruneLayer = z.object({
  sizeBytes: z.number(),
  /** Some image that is not in the preview needs it, so it stays whatever is ticked. */
  kept: z.boolean(),
});

const pruneItem = z.object({
  id: z.string(),
  tags: z.array(z.string()),
  createdAt: z.number(),
  sizeBytes: z.number(),
  /** Indexes in `layers`. A layer goes once every item that stands on it goes. */
  layers: z.array(z.int()),
});

export const prunePreview = z.object({ items: z.array(pruneItem), layers: z.array(pruneLayer) });

export type PrunePreview = z.infer<typeof prunePreview>;

/** Exactly what removing the given items of a preview frees. */
export function reclaimableBytes({ items, layers }: PrunePreview, ids: ReadonlySet<string>): number {
  const stays = new Set(items.filter(({ id }) => !ids.has(id)).flatMap((item) => item.layers));
  return layers.reduce((sum, { sizeBytes, kept }, index) => (kept || stays.has(index) ? sum : sum + sizeBytes), 0);
}

const pruneResult = z.object({
  id: z.string(),
  /** Why it is still there, or nothing where it is gone. */
  problem: z.string().optional(),
});

/** Absolute path of a file on the machine where Longshore runs. */
export const hostPath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0"), "holds a NUL");

const port = z.int().min(1).max(65_535);

const protocol = z.enum(["tcp", "udp", "sctp"]);

/** A port to publish. */
export const publishedPort = z.object({
  containerPort: port,
  protocol,
  /** On the host; absent lets the engine choose. */
  hostPort: port.optional(),
});

/** A port of the host that cannot be published now. */
export const takenPort = z.object({
  port,
  protocol,
  /** Name of the container that publishes it; absent where another program holds it. */
  container: z.string().optional(),
  /** The next one above it that is free. */
  free: port.optional(),
});

export type TakenPort = z.infer<typeof takenPort>;

/** The defaults of the run form. */
export const runDefaults = z.object({
  /** A name that is free. */
  name: z.string(),
  ports: z.array(publishedPort),
  /** The image's own variables; the form adds to them or overrides. */
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  volumes: z.array(z.string()),
  networks: z.array(z.string()),
});

export type RunDefaults = z.infer<typeof runDefaults>;

/** When the engine starts a container again by itself. */
export const restartPolicies = ["no", "on-failure", "unless-stopped", "always"] as const;

export const runRequest = z.object({
  image: z.string().min(1).max(512),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "starts with a letter or digit, then at least one of a-z A-Z 0-9 _ . -")
    .max(128)
    .optional(),
  /** argv; empty means the image's own command. */
  command: z.array(z.string().max(65_536)).max(1_000),
  ports: z.array(publishedPort).max(200),
  env: z.array(z.object({ name: z.string().min(1).max(1_024), value: z.string().max(131_072) })).max(1_000),
  volumes: z
    .array(
      z.object({
        /** Name of a volume, or an absolute path on the engine's machine; empty for an anonymous volume. */
        source: z.string().max(4_096),
        target: z.string().min(1).max(4_096).startsWith("/", "is an absolute path in the container"),
        readOnly: z.boolean(),
      }),
    )
    .max(200),
  /** Name of a network; absent means the engine's default. */
  network: z.string().max(256).optional(),
  restart: z.enum(restartPolicies),
  /** At least the 6 MB that the engine insists on; absent means no limit. */
  memoryBytes: z
    .int()
    .min(6 << 20)
    .optional(),
  /** Processors that it may use up, for example 1.5; absent means no limit. */
  cpus: z.number().min(0.01).max(4_096).optional(),
});

export type RunRequest = z.infer<typeof runRequest>;

/** A file of an image, as a container from it would see it. */
export const imageFile = z.object({
  name: z.string(),
  kind: z.enum(["file", "directory", "symlink", "hardlink", "device", "fifo", "removed"]),
  sizeBytes: z.number(),
  /** Permission bits, for example 0o755. */
  mode: z.int(),
  uid: z.int(),
  gid: z.int(),
  /** Milliseconds since 1970. */
  modifiedAt: z.number(),
  /** Where a symlink points to, or the path whose content a hardlink shares. */
  target: z.string().optional(),
  /** The layer that it comes from, counted from 0 at the bottom. */
  layer: z.int(),
});

export type ImageFile = z.infer<typeof imageFile>;

/** How far the reading of an image's files is; the last item is `ready`. */
export const imageFilesState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("reading"), readBytes: z.number(), sizeBytes: z.number() }),
  z.object({
    status: z.literal("ready"),
    /** For each layer, the number of entries in it. */
    layers: z.array(z.object({ entries: z.int() })),
    /** True where the image has more entries than are kept; what is shown is not all. */
    truncated: z.boolean(),
  }),
]);

const target = z.object({ id: reference });
const done = z.object({});

export const images = {
  watch: stream(nothing, listUpdate(imageSummary)),
  /** Errors: not_found. */
  inspect: call(target, imageDetails),
  /** Platforms of images; those that are gone are left out. */
  platforms: call(
    z.object({ ids: z.array(reference).max(500) }),
    z.object({ platforms: z.record(z.string(), z.string()) }),
  ),
  /** Shared and unique sizes of all images; dear, so only on demand. */
  usage: call(nothing, z.object({ images: z.array(imageUsage), layersBytes: z.number() })),
  /** Gives an image one more reference. Errors: not_found, bad_request. */
  tag: call(z.object({ id: reference, reference: imageReference }), done),
  /** What removing would do. Errors: not_found. */
  removalPlan: call(target, removalPlan),
  /** Takes one reference away; with the last one the image goes. Errors: not_found; conflict (in use). */
  untag: call(z.object({ reference: imageReference }), removed),
  /** Removes an image with all its references. Errors: not_found; conflict (containers, children). */
  remove: call(z.object({ id: reference, force: z.boolean() }), removed),
  /** What could go: untagged images, or all that no container uses. */
  prunePreview: call(z.object({ which: z.enum(["dangling", "unused"]) }), prunePreview),
  /** Removes exactly these, one by one; one that is in use by now stays. */
  prune: call(z.object({ ids: z.array(reference).max(10_000) }), z.object({ results: z.array(pruneResult) })),
  /** Tasks; their errors come with the task. */
  pull: call(z.object({ reference: imageReference, platform: platform.optional() }), startedTask),
  push: call(z.object({ reference: imageReference }), startedTask),
  /** Writes a tar that `docker load` takes. Errors: conflict where the file exists. */
  save: call(z.object({ references: z.array(reference).min(1).max(200), path: hostPath }), startedTask),
  load: call(z.object({ path: hostPath }), startedTask),
  /** Makes an image of a file system's tar. */
  import: call(z.object({ path: hostPath, reference: imageReference }), startedTask),
  /** Errors: not_found. */
  runDefaults: call(target, runDefaults),
  /** Those of the ports that are taken now. Of programs on a far engine's machine only the engine can know. */
  checkPorts: call(
    z.object({ ports: z.array(z.object({ port, protocol })).max(200) }),
    z.object({ taken: z.array(takenPort) }),
  ),
  /** Creates and starts. Errors: not_found, conflict (name, port), bad_request. */
  run: call(runRequest, z.object({ id: z.string(), ports: z.array(publishedPort), warnings: z.array(z.string()) })),
  /** Waits until something answers on the port; ends without an item where nothing does within 30 s. */
  whenAnswers: stream(z.object({ port }), z.object({ url: z.string(), http: z.boolean() })),
  /** Reads the files of an image once; later calls find them read. Errors: not_found. */
  readFiles: stream(target, imageFilesState),
  /** One folder, `/` at first; `layer` absent means all layers merged. Errors: not_found. */
  listFiles: call(
    z.object({ id: reference, layer: z.int().min(0).max(1_000).optional(), path: z.string().max(8_192) }),
    z.object({ entries: z.array(imageFile) }),
  ),
} as const;
