import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GuestSpec } from "../driver.ts";
import { wslArguments, wslCommands } from "./wsl-commands.ts";
import { dataName, wslDriver } from "./wsl-driver.ts";
import { decodeWsl, parseDistributions, parseNames, parseWslVersion } from "./wsl-output.ts";

const wide = (text: string) => Buffer.from(text, "utf16le");

describe("the output of wsl.exe", () => {
  it("is UTF-16LE, with and without a mark, or UTF-8", () => {
    expect(decodeWsl(wide("Ubuntu\r\nlongshore\r\n"))).toBe("Ubuntu\nlongshore\n");
    expect(decodeWsl(Buffer.concat([Buffer.from([0xff, 0xfe]), wide("Größe")]))).toBe("Größe");
    expect(decodeWsl(Buffer.from("plain"))).toBe("plain");
    expect(decodeWsl(Buffer.alloc(0))).toBe("");
  });

  it("is read whatever the language of its headings", () => {
    const list =
      "  NAME              STATUS          VERSION\n* Ubuntu            Stopped         2\n  longshore-1       Wird ausgeführt 2\n";
    expect(parseDistributions(list)).toEqual([
      { name: "Ubuntu", state: "Stopped", version: 2 },
      { name: "longshore-1", state: "Wird ausgeführt", version: 2 },
    ]);
    expect(parseNames("a\n\n b \n")).toEqual(["a", "b"]);
    expect(parseWslVersion("WSL-Version: 2.3.26.0\nKernelversion: 5.15.167.4-1")).toBe("2.3.26.0");
    expect(parseWslVersion("Usage: wsl.exe")).toBeUndefined();
  });
});

describe("the commands", () => {
  it("are those of the documentation; nothing unregisters on the way", () => {
    expect(wslArguments.import("l", "C:\\d", "C:\\r.tar")).toEqual([
      "--import",
      "l",
      "C:\\d",
      "C:\\r.tar",
      "--version",
      "2",
    ]);
    expect(wslArguments.guest("l", ["status"])).toEqual(
      "--distribution l --user root --exec /usr/sbin/longshore-guest status".split(" "),
    );
    expect(dataName("longshore-1")).toBe("longshore-1-data");
  });

  it("run programs that the image brings", () => {
    const commands = [wslArguments.shareData("l"), wslArguments.start("l"), wslArguments.guest("l", [])];
    for (const program of commands.map((words) => words.at(-1) ?? "")) {
      const places = ["root", "wsl"].map((tree) => resolve("vm", "guest", tree, `.${program}`));
      expect(places.filter((path) => existsSync(path))).toHaveLength(1);
    }
  });
});

describe("a fake wsl.exe", () => {
  let folder: string;
  let program: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wsl-"));
    program = join(folder, "wsl.exe");
    const script = `#!/usr/bin/env node
const fs = require("node:fs");
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(join(folder, "calls"))}, JSON.stringify(args) + "\\n");
const say = (text) => process.stdout.write(Buffer.from(text, "utf16le"));
if (args[0] === "--version") say("WSL version: 2.3.26.0\\r\\n");
else if (args[0] === "--list") say("longshore-1\\r\\n");
else if (args[0] === "--import") fs.copyFileSync(args[3], ${JSON.stringify(join(folder, "imported"))});
else if (args.at(-1).includes("/wsl-")) process.exitCode = 0;
else if (args.at(-1) === "dial-docker") process.stdin.pipe(process.stdout);
else if (args.at(-1) === "status") process.stdout.write('{"ok":true}');
else { say("There is no distribution with the supplied name.\\r\\n"); process.exitCode = 1; }
`;
    await writeFile(program, script);
    await chmod(program, 0o755);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("is found usable, and its guest answers", async () => {
    const driver = wslDriver({ program, folder, rootArchives: [] });
    expect(await driver.probe(new AbortController().signal)).toMatchObject({ usable: true, version: "2.3.26.0" });
    const wsl = wslCommands(program);
    expect(await wsl.guest("longshore-1", ["status"], 5_000)).toBe('{"ok":true}');
    await expect(wsl.terminate("other")).rejects.toThrow("There is no distribution");
    expect(await readFile(join(folder, "calls"), "utf8")).toContain('["--terminate","other"]');
  });

  it("imports both distributions once from the packed root, and starts what they share and the engine", async () => {
    const archive = join(folder, "longshore-wsl-amd64.tar.zst");
    await writeFile(archive, zstdCompressSync("the root"));
    const driver = wslDriver({ program, folder, rootArchives: [join(folder, "none"), archive] });
    const spec = { name: "longshore-1", runDir: folder, consoleLog: join(folder, "console.log") } as GuestSpec;
    const guest = await driver.start(spec, new AbortController().signal);
    expect(guest.record).toMatchObject({ driver: "wsl", name: "longshore-1", driverVersion: "2.3.26.0" });
    const tarball = join(folder, "root.tar");
    // The fake knows the first one already; an existing one is never imported over.
    const imported = wslArguments.import("longshore-1-data", join(folder, "longshore-1-data"), tarball);
    const calls = (await readFile(join(folder, "calls"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(calls.filter(([verb]) => verb === "--import")).toEqual([imported]);
    expect(await readFile(join(folder, "imported"), "utf8")).toBe("the root");
    await expect(stat(tarball)).rejects.toThrow();
    await expect.poll(() => readFile(join(folder, "calls"), "utf8")).toContain("/usr/lib/longshore/wsl-share-data");
    await expect.poll(() => readFile(join(folder, "calls"), "utf8")).toContain("/usr/lib/longshore/wsl-init");
  });

  it("says where it looked for a root that is missing", async () => {
    const driver = wslDriver({ program, folder, rootArchives: [join(folder, "none")] });
    const spec = { name: "longshore-1", runDir: folder, consoleLog: join(folder, "console.log") } as GuestSpec;
    await expect(driver.start(spec, new AbortController().signal)).rejects.toThrow(join(folder, "none"));
  });

  it("carries a connection and its half-close through a process", async () => {
    const stream = wslCommands(program).dial("longshore-1");
    stream.end("hello");
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe("hello");
  });

  it("says what to do where WSL is not there", async () => {
    const driver = wslDriver({ program: join(folder, "none"), folder, rootArchives: [] });
    expect(await driver.probe(new AbortController().signal)).toMatchObject({ usable: false });
  });
});
