// `npm run package`: builds and packs Longshore for this platform into `dist/`. Arguments go to electron-builder
// (`npm run package -- --mac --arm64`); `-- --stub` packs without Electron's binary.
import { ensureModules, ensureNode24 } from "./bootstrap.mjs";

ensureModules();
await ensureNode24();
const { ensureBuilt } = await import("./prepare.mjs");
const { pack } = await import("./package/pack.mjs");
ensureBuilt();
process.exit(await pack(process.argv.slice(2)));
