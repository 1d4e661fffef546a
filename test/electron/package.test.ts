import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { extractFile, listPackage } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");

describe("the package", () => {
  let folder = "";
  let said = "";
  let archive = "";
  let files: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "longshore-package-"));
    const args = ["--stub", `-c.directories.output=${folder}`];
    const code = `import("./scripts/package/pack.mjs").then(({ pack }) => pack(${JSON.stringify(args)})).then(process.exit)`;
    ({ stdout: said } = await run(process.execPath, ["-e", code], { cwd: root, maxBuffer: 1 << 24 }));
    archive = join(folder, "linux-unpacked/resources/app.asar");
    files = listPackage(archive, { isPack: false }).filter((file) => /\.\w+$|LICENSE$/.test(file));
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("says that it was made without Electron", () => {
    expect(said).toContain("cannot run");
  });

  test("has every fuse set as decided", async () => {
    const { version: _version, ...wire } = await getCurrentFuseWire(join(folder, "linux-unpacked/longshore"));
    const names = Object.entries(wire).map(([fuse, state]) => [FuseV1Options[Number(fuse)], FuseState[Number(state)]]);
    expect(Object.fromEntries(names)).toEqual({
      RunAsNode: "DISABLE",
      EnableCookieEncryption: "ENABLE",
      EnableNodeOptionsEnvironmentVariable: "DISABLE",
      EnableNodeCliInspectArguments: "DISABLE",
      EnableEmbeddedAsarIntegrityValidation: "ENABLE",
      OnlyLoadAppFromAsar: "ENABLE",
      LoadBrowserProcessSpecificV8Snapshot: "DISABLE",
      GrantFileProtocolExtraPrivileges: "DISABLE",
      WasmTrapHandlers: "ENABLE",
    });
  });

  test("holds what the app runs on", () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "/package.json",
        "/LICENSE",
        "/out/main/main.cjs",
        "/out/preload/preload.cjs",
        "/out/renderer/index.html",
        "/assets/tray/trayTemplate.png",
        "/assets/icons/256x256.png",
      ]),
    );
  });

  test("holds no sources, tests, maps, modules or secrets", () => {
    const allowed = [
      /^\/(package\.json|LICENSE)$/,
      /^\/out\/main\/(chunks\/)?[\w.-]+\.cjs$/,
      /^\/out\/preload\/preload\.cjs$/,
      /^\/out\/renderer\/([\w-]+\/)*[\w.-]+\.(html|js|css|svg|png|json|woff2|wasm)$/,
      /^\/assets\/(tray|icons)\/[\w@.-]+\.png$/,
    ];
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(files.filter((file) => /\.map$|\.test\.|browser\.cjs$|\.env|\.pem|\.key$|node_modules/.test(file))).toEqual(
      [],
    );
    expect(extractFile(archive, "package.json").toString()).not.toMatch(/devDependencies|"scripts"/);
  });

  test("needs no module that it does not hold", () => {
    const known = new Set([...builtinModules, "electron"]);
    // An optional native part of the ssh client, which goes on without it.
    known.add("cpu-features");
    const mainFiles = files.filter((file) => file.startsWith("/out/main/") || file.startsWith("/out/preload/"));
    const asked = mainFiles.flatMap((file) => {
      const text = extractFile(archive, file.slice(1)).toString();
      return [...text.matchAll(/(?:^(?:import|export)\b[^\n]*?from |^import |\brequire\()"([^"\n]+)"/gm)].map(
        ([, name]) => name ?? "",
      );
    });
    expect(asked).toContain("electron");
    const missing = asked.filter((name) => !name.startsWith(".") && !known.has(name.replace(/^node:/, "")));
    // Modules that exist under `node:` alone, such as `node:sqlite`, are not in the list.
    expect(missing.filter((name) => !name.startsWith("node:"))).toEqual([]);
  });
});
