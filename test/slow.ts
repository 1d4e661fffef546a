/** Suites that take minutes: `npm test -- --project slow` runs them; `npm test` counts them among what it did not run. */
export const slow = ["test/vm-life/{disk,force}.test.ts"];

const engineSuites = (...names: string[]): string[] => names.map((name) => `test/engine/${name}.test.ts`);

/** Suites of a plain dockerd that `npm test` runs over the virtual machine's engine as well. */
export const overMachine = engineSuites(
  "builds-classic",
  "container-actions",
  "endpoints",
  "image-references",
  "registries",
);

/**
 * Those that hold over it too, and take minutes there: with LONGSHORE_FULL set, `npm test` runs them so, without it counts
 * them among what it did not run. All others need an engine of their own, with a disk, a death or answers of their choice.
 */
export const slowOverMachine = engineSuites(
  "builds",
  "images",
  "kept-logs",
  "log-load",
  "logs",
  "reach",
  "volume-backup",
  "volumes",
);
