import { lstat, mkdir, readdir, readFile, readlink, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { sharedMachine } from "../fixtures/shared-machine.ts";

const docker = dockerCli(inject("dockerHost"));
const shared = inject("sharedFolder");
const project = join(shared, "project");

beforeAll(async () => {
  await mkdir(project);
  await docker(
    "run",
    "-d",
    "--name",
    "dev",
    "--stop-signal",
    "KILL",
    "-v",
    `${project}:/app`,
    "busybox:test",
    "sleep",
    "9999",
  );
});
afterAll(async () => {
  await docker("rm", "-f", "dev");
});

const inside = (script: string): Promise<string> => docker("exec", "-w", "/app", "dev", "sh", "-ec", script);

describe("a shared folder in a container", () => {
  test("takes what an installation of packages does: trees, links, modes, renames, files removed while open", async () => {
    await inside(`
      for package in 1 2 3 4 5 6 7 8; do
        mkdir -p node_modules/.staging/p$package/lib
        for file in 1 2 3 4 5 6 7 8; do echo "export default $file" >node_modules/.staging/p$package/lib/$file.js; done
        printf '#!/bin/sh\\necho p%s\\n' $package >node_modules/.staging/p$package/cli
        chmod 755 node_modules/.staging/p$package/cli
        mv node_modules/.staging/p$package node_modules/p$package
      done
      rmdir node_modules/.staging
      mkdir node_modules/.bin
      ln -s ../p1/cli node_modules/.bin/p1
      ln node_modules/p1/lib/1.js node_modules/p1/lib/hard.js
      chmod 600 node_modules/p2/lib/1.js
      exec 3>scratch; rm scratch; echo unseen >&3; exec 3>&-
      echo '{"lock":1}' >lock.tmp; sync; mv lock.tmp package-lock.json`);
    expect((await readdir(join(project, "node_modules"), { recursive: true })).length).toBe(8 * 11 + 3);
    expect(await readlink(join(project, "node_modules/.bin/p1"))).toBe("../p1/cli");
    expect(await inside("node_modules/.bin/p1")).toBe("p1");
    expect((await stat(join(project, "node_modules/p1/cli"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(project, "node_modules/p2/lib/1.js"))).mode & 0o777).toBe(0o600);
    expect((await lstat(join(project, "node_modules/p1/lib/1.js"))).nlink).toBe(2);
    expect(await readFile(join(project, "package-lock.json"), "utf8")).toBe('{"lock":1}\n');
    expect(await readdir(project)).not.toContain("scratch");
  });

  test("shows a change made on this computer at once, with its time: what a reload looks for", async () => {
    const file = join(project, "index.js");
    await writeFile(file, "old");
    await utimes(file, 1_700_000_000, 1_700_000_000);
    expect(await inside("stat -c %Y index.js; cat index.js")).toBe("1700000000\nold");
    await writeFile(file, "newer");
    const { mtimeMs } = await stat(file);
    const [seconds, text] = (await inside("stat -c %Y index.js; cat index.js")).split("\n");
    expect([Number(seconds), text]).toEqual([Math.floor(mtimeMs / 1000), "newer"]);
  });

  test("keeps the times that a container sets", async () => {
    await inside("touch -d @1600000000 stamped; mkdir -p sub; touch -d @1500000000 sub");
    expect((await stat(join(project, "stamped"))).mtimeMs).toBe(1_600_000_000_000);
    expect((await stat(join(project, "sub"))).mtimeMs).toBe(1_500_000_000_000);
  });
});

describe("a folder that is not shared", () => {
  test.each(["-v", "--mount"])("is refused with %s, and the error names it and the setting", async (option) => {
    const value = option === "-v" ? "/home/nobody:/x" : "type=bind,source=/home/nobody,target=/x";
    await expect(docker("run", "--rm", option, value, "busybox:test", "true")).rejects.toThrow(
      /folder \/home\/nobody is not shared .* Settings, Machine, Shared folders/,
    );
  });
});

describe("a suspend", () => {
  test("is refused while a container holds a shared folder, and says which", async () => {
    await expect(sharedMachine().suspend()).rejects.toThrow(`shared folders are in use: ${shared}`);
    expect(await inside("cat package-lock.json")).toBe('{"lock":1}');
  });

  test("mounts the folder again afterwards", async () => {
    await docker("rm", "-f", "dev");
    await sharedMachine().suspend();
    expect(sharedMachine().state.status).toBe("suspended");
    await writeFile(join(project, "while-suspended"), "seen");
    const mount = ["-v", `${project}:/app`];
    expect(await docker("run", "--rm", ...mount, "busybox:test", "cat", "/app/while-suspended")).toBe("seen");
  });
});
