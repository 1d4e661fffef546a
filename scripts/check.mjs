// `npm run check`: types, lint, layers and dead code. Prints one line a step, and the whole output of one that fails.
import { spawnSync } from "node:child_process";
import { ensureModules, ensureNode24, root, toolEnv } from "./bootstrap.mjs";

ensureModules();
await ensureNode24();
// Not at the top: the Node that npm runs under may be too old to have it.
const { globSync } = await import("node:fs");

const sources = ["src", "vm"];

const steps = [
  ["types", "tsc", ["-b", "--pretty", "false"]],
  ["format and lint", "biome", ["check", "--error-on-warnings", "."]],
  ["type-aware lint", "oxlint", ["--type-aware", "--deny-warnings", ...sources, "test"]],
  ["layers", "depcruise", ["--config", ".dependency-cruiser.json", "--output-type", "json", ...sources]],
  ["dead code", "knip", ["--no-progress"]],
];

function run(command, args) {
  return spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: toolEnv(),
    shell: process.platform === "win32",
  });
}

/** Without its parser dependency-cruiser reads nothing and is content, so the modules it saw are counted. */
function problemsOfLayers(stdout) {
  const { summary, modules } = JSON.parse(stdout);
  const seen = new Set(modules.map(({ source }) => source));
  const missed = globSync(["src/**/*.{ts,tsx}", "vm/**/*.ts"], { cwd: root }).filter(
    (file) => !seen.has(file) && !file.endsWith(".d.ts"),
  );
  const violations = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
  return [...violations, ...missed.map((file) => `not read by dependency-cruiser: ${file}`)];
}

const failed = [];
for (const [name, command, args] of steps) {
  const startedAt = performance.now();
  const { status, stdout, stderr, error } = run(command, args);
  const problems = name === "layers" && stdout.startsWith("{") ? problemsOfLayers(stdout) : [];
  const ok = status === 0 && problems.length === 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${ok ? "ok    " : "failed"} ${name} (${seconds} s)`);
  if (ok) continue;
  failed.push(name);
  console.log(problems.length > 0 ? problems.join("\n") : `${stdout}\n${stderr}\n${error ?? ""}`);
}
if (failed.length > 0) process.exit(1);
