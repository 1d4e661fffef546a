// `npm test`: installs what the tests need, builds, checks, runs every suite, and closes with one line of counts.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureModules, ensureNode24, fail, root } from "./bootstrap.mjs";

ensureModules();
await ensureNode24();
const { ensureBuilt, ensureGuest, runTool } = await import("./prepare.mjs");
const { ensurePackages } = await import("./system-packages.mjs");

const missing = ensurePackages("test") ?? ensurePackages("vm");
if (missing) fail(missing);

const filters = process.argv.slice(2);
if (filters.length === 0 && runTool("node", ["scripts/check.mjs"]) !== 0)
  fail("The checks failed; the lines above say where.");
ensureBuilt();
// Dear, so only where the suites over the virtual machine are among what was asked for.
const wantsGuest = filters.length === 0 || filters.some((filter) => /\bvm\b/.test(filter));
const noGuest = wantsGuest ? ensureGuest() : undefined;

const report = join(root, "test-results", "report.json");
mkdirSync(join(root, "test-results"), { recursive: true });
const status = runTool("vitest", [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...(filters.length > 0 ? filters : ["--project", "!slow"]),
  ...(wantsGuest && !noGuest ? [] : ["--project", "!vm", "--project", "!vm-life"]),
]);

/** A suite that failed outside its tests (it did not load, or its set-up failed) holds no failed test, yet is a failure. */
function count({ numPassedTests, numFailedTests, testResults }) {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: name })),
  );
  const skipped = tests.filter(({ status }) => status === "pending" || status === "skipped" || status === "todo");
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped };
}

if (noGuest) console.log(`skipped: the virtual machine's suites (${noGuest})`);
const { passed, failed, skipped } = count(JSON.parse(readFileSync(report, "utf8")));
if (filters.length === 0) {
  // Here and not above: the Node that npm runs under may be too old to have it, and an import would fail at once.
  const { globSync } = await import("node:fs");
  const { slow } = await import("../test/slow.ts");
  const files = globSync(slow, { cwd: root });
  const reason = "slow, or needs a guest image: npm test -- --project slow";
  skipped.push(...files.map((file) => ({ fullName: file, meta: { reason } })));
}
for (const { fullName, meta } of skipped) console.log(`skipped: ${fullName}${meta?.reason ? ` (${meta.reason})` : ""}`);
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
if (status !== 0 || failed > 0 || passed === 0) process.exit(1);
