import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockHome } from "./instance-lock.ts";

test("a second process is refused by name, and a killed one leaves nothing in the way", async () => {
  const home = await mkdtemp(join(tmpdir(), "longshore-lock-"));
  const code = `
    const { lockHome } = await import(${JSON.stringify(new URL("./instance-lock.ts", import.meta.url).href)});
    lockHome(${JSON.stringify(home)});
    // What nobody keeps must stay locked all the same.
    gc();
    setTimeout(() => console.log("locked"), 20);
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ["--no-warnings", "--expose-gc", "--input-type=module", "-e", code], {
    cwd: process.cwd(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(other.stdout, "data");
    expect(() => lockHome(home)).toThrow(`process ${other.pid}) already uses ${home}`);
  } finally {
    other.kill("SIGKILL");
    await once(other, "exit");
  }
  const lock = lockHome(home);
  lock.release();
  lockHome(home).release();
  await rm(home, { recursive: true });
});
