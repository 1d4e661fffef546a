import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAsset } from "./assets.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-assets-"));
  await mkdir(join(folder, "root/assets.js"), { recursive: true });
  await writeFile(join(folder, "root/app.js"), "1");
  await writeFile(join(folder, "root/sp ace.js"), "2");
  await writeFile(join(folder, "secret.js"), "secret");
  await symlink(join(folder, "secret.js"), join(folder, "root/link.js"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(["/app.js", "/sp%20ace.js", "/./app.js"])("%s is served", async (path) => {
  expect((await readAsset(join(folder, "root"), path))?.contentType).toBe("text/javascript; charset=utf-8");
});

test.each([
  "/../secret.js",
  "/%2e%2e/secret.js",
  "/..%2fsecret.js",
  "/..%5csecret.js",
  "/%252e%252e/secret.js",
  "/x/../../secret.js",
  "/link.js",
  "/assets.js",
  "/app.js%00.png",
  "/app.js%E0%A4",
  "/absent.js",
  "/app",
  "/",
])("%s names nothing", async (path) => {
  expect(await readAsset(join(folder, "root"), path)).toBeUndefined();
});
