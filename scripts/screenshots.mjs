// `npm run screenshots [-- NAME …]`: pictures of every screen, light and dark, over a real engine, into docs/screenshots.
import { ensureModules, ensureNode24, fail } from "./bootstrap.mjs";

ensureModules();
await ensureNode24();
const { ensureBuilt, runTool } = await import("./prepare.mjs");
const { ensurePackages } = await import("./system-packages.mjs");

const missing = ensurePackages("test");
if (missing) fail(missing);
ensureBuilt();
process.exit(runTool("node", ["test/screenshots/take.ts", ...process.argv.slice(2)]));
