// `npm test`: installs what the tests need, builds, checks, runs every suite, and closes with one line of counts.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
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

const results = join(root, "test-results");
mkdirSync(results, { recursive: true });
const projects = wantsGuest && !noGuest ? [] : ["--project", "!vm", "--project", "!vm-life"];

/** One run of vitest: its exit code and what it reports. */
function runSuites(name, selection) {
  const report = join(results, `${name}.json`);
  // One of an earlier run must not speak for this one.
  rmSync(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const status = runTool("vitest", ["run", ...reporters, ...selection, ...projects]);
  if (!existsSync(report))
    fail("The suites were ended before they could report; the lines above say how far they came.");
  return { status, report: JSON.parse(readFileSync(report, "utf8")) };
}

/** A suite that failed outside its tests (it did not load, or its set-up failed) holds no failed test, yet is a failure. */
function count({ testResults }) {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: name })),
  );
  const of = (...states) => tests.filter(({ status }) => states.includes(status));
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: of("passed").length,
    failed: of("failed").length + broken.length,
    skipped: of("pending", "skipped", "todo"),
  };
}

if (noGuest) console.log(`skipped: the virtual machine's suites (${noGuest})`);
let { status, report } = runSuites("report", filters.length > 0 ? filters : ["--project", "!slow"]);

// A run that nobody watches may share its machine. What failed there is tried once more: whole files, because the tests of
// one build on each other. More than a few is no accident.
const unsure = new Set(report.testResults.filter((file) => file.status === "failed").map((file) => file.name));
const tryAgain = process.env.CI && unsure.size > 0 && unsure.size <= 3;
if (tryAgain) {
  for (const name of unsure) console.log(`tried again: ${relative(root, name)}`);
  const again = runSuites("report-again", [...unsure]);
  status = again.status;
  const sure = report.testResults.filter((file) => !unsure.has(file.name));
  report = { testResults: [...sure, ...again.report.testResults] };
}

const { passed, failed, skipped } = count(report);
if (filters.length === 0) {
  // Here and not above: the Node that npm runs under may be too old to have it, and an import would fail at once.
  const { globSync } = await import("node:fs");
  const { slow, slowOverMachine } = await import("../test/slow.ts");
  const files = globSync(slow, { cwd: root });
  const reason = "slow, or needs a guest image: npm test -- --project slow";
  skipped.push(...files.map((file) => ({ fullName: file, meta: { reason } })));
  if (!process.env.LONGSHORE_FULL) {
    const slowThere = { reason: "slow there: LONGSHORE_FULL=1 npm test -- --project vm" };
    skipped.push(...slowOverMachine.map((file) => ({ fullName: `${file} over the virtual machine`, meta: slowThere })));
  }
}
for (const { fullName, meta } of skipped) console.log(`skipped: ${fullName}${meta?.reason ? ` (${meta.reason})` : ""}`);
const twice = tryAgain ? `, ${unsure.size} files tried twice` : "";
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped${twice}`);
if (status !== 0 || failed > 0 || passed === 0) process.exit(1);
