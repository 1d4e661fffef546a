// `npm run bench [-- P1 P4 …]`: runs the measurements and writes bench-results.json. Each compares two things within one
// run, because the machine's own speed varies; nothing here fails a test.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureModules, ensureNode24, fail, root } from "./bootstrap.mjs";

ensureModules();
await ensureNode24();
// Not at the top: the Node that npm runs under may be too old to have it.
const { globSync } = await import("node:fs");
const { ensureBuilt, ensureGuest } = await import("./prepare.mjs");
const { ensurePackages } = await import("./system-packages.mjs");

const missing = ensurePackages("test") ?? ensurePackages("vm");
if (missing) fail(missing);
ensureBuilt();

/**
 * Each module exports `benches`: `[{ id, goal, run(): Promise<{ value, unit, holds, note? }> }]`, and `close` where its
 * measurements share something that has to be ended after the last of them.
 */
const files = globSync("test/bench/*.bench.ts", { cwd: root }).sort();
const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(root, file)).href)));
const all = modules.flatMap(({ benches }) => benches);
const wanted = new Set(process.argv.slice(2));
const unknown = [...wanted].filter((id) => !all.some((bench) => bench.id === id));
if (unknown.length > 0) fail(`Unknown: ${unknown.join(", ")}. There are: ${all.map(({ id }) => id).join(", ")}`);

const needsGuest = all.some(({ id }) => id.startsWith("VM-") && (wanted.size === 0 || wanted.has(id)));
const noGuest = needsGuest ? ensureGuest() : undefined;
if (noGuest) console.log(`The virtual machine's measurements will fail: ${noGuest}.`);

const results = [];
for (const { id, goal, run } of all) {
  if (wanted.size > 0 && !wanted.has(id)) continue;
  try {
    const result = await run();
    results.push({ id, goal, ...result });
    const note = result.note ? `; ${result.note}` : "";
    console.log(`${result.holds ? "holds " : "misses"} ${id}: ${result.value} ${result.unit} (goal: ${goal})${note}`);
  } catch (error) {
    results.push({ id, goal, value: null, unit: "", holds: false, note: String(error) });
    console.log(`failed ${id}: ${error?.stack ?? error}`);
  }
}
for (const { close } of modules) await close?.();
writeFileSync(join(root, "bench-results.json"), `${JSON.stringify(results, null, 2)}\n`);
process.exit(results.some(({ value }) => value === null) ? 1 : 0);
