import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const run = promisify(execFile);
const script = resolve(import.meta.dirname, "../../scripts/electron-runtime.mjs");

interface Options {
  readonly platform?: string;
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
}

/** Stands for the installer that npm delivers with Electron. */
const installers = {
  good: `require("fs").mkdirSync("dist"); require("fs").writeFileSync("dist/electron", ""); require("fs").writeFileSync("path.txt", "electron")`,
  failing: `console.error("Error: connect ECONNREFUSED 127.0.0.1:9\\n    at somewhere"); process.exit(1)`,
  hanging: "setInterval(() => {}, 1000)",
};

describe("finding the Electron runtime", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "longshore-runtime-"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ version: "45.0.0" }));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function find(options: Options = {}): Promise<{ path?: string; reason?: string; took: number }> {
    const all = { platform: "darwin", uid: 1000, env: {}, folder, memory: join(folder, "memory.json"), ...options };
    const code = `import(${JSON.stringify(script)}).then(({ findElectron }) => findElectron(${JSON.stringify(all)})).then((a) => console.log(JSON.stringify(a)))`;
    const startedAt = performance.now();
    const { stdout } = await run(process.execPath, ["-e", code]);
    return { ...JSON.parse(stdout), took: performance.now() - startedAt };
  }
  const install = (text: string) => writeFile(join(folder, "install.js"), text);

  test("fetches it once", async () => {
    await install(installers.good);
    expect(await find()).toMatchObject({ path: join(folder, "dist/electron") });
    await install(installers.failing);
    expect(await find()).toMatchObject({ path: join(folder, "dist/electron") });
  });

  test("says in one sentence why it cannot be had, and does not try again that day", async () => {
    await install(installers.failing);
    const { reason } = await find();
    expect(reason).toBe("The Electron runtime 45.0.0 could not be had (connect ECONNREFUSED 127.0.0.1:9).");
    await install(installers.hanging);
    const again = await find();
    expect(again.reason).toContain("connect ECONNREFUSED 127.0.0.1:9; tried within the last day");
    // An installer that hangs is given up after a minute.
    expect(again.took).toBeLessThan(50_000);
  });

  test("tries again after a day, and for another version", async () => {
    await install(installers.failing);
    await find();
    const memory = join(folder, "memory.json");
    const { failedAt, ...rest } = JSON.parse(await readFile(memory, "utf8"));
    await writeFile(memory, JSON.stringify({ ...rest, failedAt: failedAt - 25 * 60 * 60 * 1000 }));
    await install(installers.good);
    expect(await find()).toMatchObject({ path: join(folder, "dist/electron") });
  });

  test("gives up on a download that hangs", async () => {
    await install(installers.hanging);
    expect((await find({ deadlineMs: 1000 })).reason).toContain("the download took longer than 1 s");
  });

  test("does not fetch what could not run: no display, or root", async () => {
    await install(installers.good);
    expect((await find({ platform: "linux" })).reason).toBe("There is no display for a window.");
    const asRoot = await find({ platform: "linux", uid: 0, env: { DISPLAY: ":0" } });
    expect(asRoot.reason).toContain("does not run as root");
    await expect(readFile(join(folder, "path.txt"))).rejects.toThrow();
  });
});
