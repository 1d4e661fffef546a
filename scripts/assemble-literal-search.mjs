// Assembles src/engine/logs/store/literal-search.wat into the module that the engine carries as text.
// wabt is fetched for this alone: the file changes so rarely that no install should pay for it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = "src/engine/logs/store";
const scratch = mkdtempSync(join(tmpdir(), "literal-search-"));
try {
  const binary = join(scratch, "module.wasm");
  const wat2wasm = ["--yes", "--package", "wabt@1.0.39", "wat2wasm", "--enable-threads"];
  execFileSync("npx", [...wat2wasm, join(folder, "literal-search.wat"), "-o", binary], { stdio: "inherit" });
  const text = readFileSync(binary).toString("base64");
  const comment =
    "/** `literal-search.wat`, assembled: `node scripts/assemble-literal-search.mjs` writes this file. */";
  writeFileSync(
    join(folder, "literal-search-module.ts"),
    `${comment}\nexport const literalSearchModule =\n  "${text}";\n`,
  );
} finally {
  rmSync(scratch, { recursive: true });
}
