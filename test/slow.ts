/** Suites that take minutes: `npm test -- --project slow` runs them; `npm test` counts them among what it did not run. */
export const slow = ["test/vm-life/{disk,force}.test.ts"];
