import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hasTerminal, openTerminal, terminalLaunch } from "./open-terminal.ts";

const host = "unix:///home/o'neil/docker.sock";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "terminal-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("opens the terminal of a Linux desktop with the engine's address", async () => {
  const env = { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ":0", SHELL: "/bin/printenv" };
  const terminal = join(folder, "gnome-terminal");
  await writeFile(
    terminal,
    `#!/bin/sh\nshift\n"$@" DOCKER_HOST >${folder}/told.new && mv ${folder}/told.new ${folder}/told\n`,
  );
  await chmod(terminal, 0o755);
  expect(hasTerminal({ platform: "linux", env })).toBe(true);
  await openTerminal(host, folder, { platform: "linux", env });
  await expect.poll(() => readFile(join(folder, "told"), "utf8").catch(() => "")).toBe(`${host}\n`);
});

it("is not offered where there is no screen or no program", () => {
  expect(hasTerminal({ platform: "linux", env: { PATH: "/usr/bin" } })).toBe(false);
  expect(hasTerminal({ platform: "linux", env: { PATH: folder, DISPLAY: ":0" } })).toBe(false);
});

it("tells macOS' Terminal by a private file, quoted for its shell", async () => {
  const launch = await terminalLaunch(host, folder, { platform: "darwin", env: {} });
  expect(launch).toEqual({ program: "open", args: ["-a", "Terminal", join(folder, "terminal.command")] });
  const script = await readFile(join(folder, "terminal.command"), "utf8");
  expect(script).toContain(`export DOCKER_HOST='unix:///home/o'\\''neil/docker.sock'`);
  expect((await stat(join(folder, "terminal.command"))).mode & 0o777).toBe(0o700);
});

it("hands Windows' console the address by its surroundings", async () => {
  const pipe = "npipe:////./pipe/longshore_engine";
  const { program, env } = await terminalLaunch(pipe, folder, { platform: "win32", env: {} });
  expect([program, env]).toEqual(["cmd.exe", { DOCKER_HOST: pipe }]);
});
