/**
 * Suites that take minutes or need a guest image, and those not yet proven on a quiet machine. They run with
 * `npm test -- --project slow`; `npm test` counts them among what it did not run.
 */
export const slow = ["test/vm-life/{disk,force}.test.ts", "test/e2e/volume-keys.test.ts"];
