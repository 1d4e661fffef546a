import { existsSync } from "node:fs";

/**
 * The file of a worker thread. In source it is TypeScript beside us, which Node runs as it is; in the built bundle it is
 * an entry of its own, next to the main file or one folder above its chunks.
 */
export function workerFile(name: "log-worker" | "log-regex"): URL {
  const sources = { "log-worker": "./worker/log-worker.ts", "log-regex": "./worker/log-regex.ts" } as const;
  const candidates = import.meta.url.endsWith(".ts")
    ? [sources[name], `.${sources[name]}`, `./${name}.ts`]
    : [`./${name}.cjs`, `../${name}.cjs`];
  const found = candidates.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`the worker ${name} is not in the installation`);
  return found;
}
