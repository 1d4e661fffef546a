import { chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareHome } from "./home.ts";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "home-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** What `prepareHome` throws. */
function failureOf(home: string): unknown {
  try {
    prepareHome(home);
    return undefined;
  } catch (error) {
    return error;
  }
}

test("makes the folder, for its owner alone, whatever its name", async () => {
  const home = join(folder, "höme, with spaces", "x".repeat(200));
  prepareHome(home);
  expect((await stat(home)).mode & 0o777).toBe(0o700);
});

test.skipIf(!isRoot)("leaves the home of another user as it is, though root may write there", async () => {
  const home = join(folder, "theirs");
  await mkdir(home, { mode: 0o755 });
  await chown(home, nobody, nobody);
  expect(failureOf(home)).toMatchObject({
    code: "permission",
    message: expect.stringContaining(`${home} belongs to another user. Choose another with --home`),
  });
  expect((await stat(home)).mode & 0o777).toBe(0o755);
  expect(await readdir(home)).toEqual([]);
});

test("says where a file is in the way", async () => {
  const home = join(folder, "file");
  await writeFile(home, "");
  expect(failureOf(home)).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("(EEXIST)"),
  });
});
