// The suites run what is built, so it is built first; `npm test` has done that, and then this has nothing to do.
export { ensureBuilt as setup } from "../../scripts/prepare.mjs";
