import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Machine } from "#engine/vm/create-machine.ts";
import {
  docker,
  dockerPipe,
  hypervisorPid,
  machineHome,
  missingImage,
  openMachine,
  untilState,
} from "../fixtures/machine.ts";

const helper = "longshore/helper:1.37.0-6";
const GiB = 2 ** 30;

if (missingImage) console.log("skipped: the real machine, because there is no guest image (npm run vm:image)");

/** One machine for the whole file, taken through its life in order. */
describe.skipIf(missingImage)("the machine", { timeout: 300_000 }, () => {
  let home: Awaited<ReturnType<typeof machineHome>>;
  let machine: Machine;

  beforeAll(async () => {
    home = await machineHome("höme with spaces, and a comma");
    machine = await openMachine(home.home, { diskBytes: 4 * GiB });
    expect(machine.state).toEqual({ status: "absent" });
    await machine.start();
    for (let tries = 0; tries < 100; tries += 1) {
      if (
        await docker(machine, "image", "inspect", helper).then(
          () => true,
          () => false,
        )
      )
        break;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }, 300_000);

  afterAll(async () => {
    await machine?.close("stop");
    await home?.remove();
  }, 120_000);

  const web = ["sh", "-c", "mkdir -p /w; echo hello >/w/index.html; exec httpd -f -p 80 -h /w"];
  const fetchText = async (port: number) => {
    for (let tries = 0; tries < 60; tries += 1) {
      const text = await fetch(`http://127.0.0.1:${port}/`).then(
        (answer) => answer.text(),
        () => undefined,
      );
      if (text !== undefined) return text.trim();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return "no answer";
  };

  it("tells each step of its start, with times, and how it runs", () => {
    if (machine.state.status !== "running") throw new Error("not running");
    expect(machine.state.steps.map(({ name, status }) => `${name} ${status}`)).toContain("dockerd done");
    expect(machine.state.steps.every(({ status }) => status === "done")).toBe(true);
    expect(machine.state.runtime.reason).toMatch(/QEMU \d+/);
  });

  it("serves the docker CLI on a socket that only its owner can open", async () => {
    expect(await docker(machine, "version", "--format", "{{.Server.Version}}")).toMatch(/^\d+/);
    expect((await stat(machine.socket)).mode & 0o777).toBe(0o600);
    expect((await stat(home.home)).mode & 0o077).toBe(0);
  });

  it("keeps half-close right: what is piped in comes out whole", async () => {
    expect((await dockerPipe(machine, ["run", "-i", "--rm", helper, "cat"], Buffer.from("hi\n"))).toString()).toBe(
      "hi\n",
    );
    const input = Buffer.alloc(3_000_000, "longshore ");
    const output = await dockerPipe(machine, ["run", "-i", "--rm", helper, "cat"], input);
    expect(createHash("sha256").update(output).digest("hex")).toBe(createHash("sha256").update(input).digest("hex"));
  });

  it("carries published ports: all addresses, loopback and udp", async () => {
    await docker(machine, "run", "-d", "--name", "web", "-p", "28080:80", "-p", "127.0.0.1:28081:80", helper, ...web);
    await docker(machine, "run", "-d", "--name", "sleeper", "-p", "28082:99/udp", helper, "sleep", "100000");
    expect(await fetchText(28080)).toBe("hello");
    expect(await fetchText(28081)).toBe("hello");
    const state = await untilState(machine, (now) => now.status === "running" && now.forwards.length === 3, 10_000);
    expect("forwards" in state && state.forwards.every(({ status }) => status === "open")).toBe(true);
  });

  it("says who holds a port that is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(28083, "127.0.0.1", resolve));
    await docker(machine, "run", "-d", "--name", "late", "-p", "28083:80", helper, ...web);
    const state = await untilState(
      machine,
      (now) => now.status === "running" && now.forwards.some(({ status }) => status === "refused"),
      15_000,
    );
    const refused = "forwards" in state ? state.forwards.find(({ status }) => status === "refused") : undefined;
    expect(refused?.why).toContain(`process ${process.pid}`);
    await new Promise((resolve) => taken.close(resolve));
    await untilState(
      machine,
      (now) => now.status === "running" && now.forwards.every(({ status }) => status === "open"),
      15_000,
    );
    await docker(machine, "rm", "-f", "late");
  });

  it("refuses a bind mount of a folder that is not shared, and names the setting", async () => {
    await expect(docker(machine, "run", "--rm", "-v", "/home/nobody:/x", helper, "true")).rejects.toThrow(
      "Shared folders",
    );
  });

  it("suspends with containers and wakes on the first request, which waits", async () => {
    const before = await docker(machine, "exec", "web", "cat", "/proc/uptime");
    await machine.suspend();
    expect(machine.state.status).toBe("suspended");
    const after = await docker(machine, "exec", "web", "cat", "/proc/uptime");
    expect(Number.parseFloat(after)).toBeGreaterThan(Number.parseFloat(before));
    expect(machine.state.status).toBe("running");
    expect(await fetchText(28080)).toBe("hello");
    const guestSeconds = Number(await docker(machine, "exec", "web", "date", "+%s"));
    expect(Math.abs(guestSeconds - Date.now() / 1000)).toBeLessThan(5);
  });

  it("grows its disk while it runs", async () => {
    const { settings } = await machine.view();
    const changes = await machine.applySettings({ ...settings, diskBytes: 6 * GiB });
    expect(changes).toEqual([{ setting: "diskBytes", from: "4 GiB", to: "6 GiB", effect: "now" }]);
    expect(machine.state.status).toBe("running");
    const kilobytes = Number(
      (await docker(machine, "exec", "web", "df", "-k", "/")).split("\n").at(-1)?.trim().split(/\s+/)[1],
    );
    expect(kilobytes).toBeGreaterThan(5.5 * 2 ** 20);
  });

  it("is taken over by the next app, and refuses a second one at the same time", async () => {
    await expect(openMachine(home.home)).rejects.toMatchObject({ code: "conflict" });
    await machine.close("leave");
    machine = await openMachine(home.home);
    expect(machine.state).toMatchObject({ status: "running", runtime: { adopted: true } });
    expect(await fetchText(28080)).toBe("hello");
  });

  it("notices a hypervisor that hangs, and that it goes on again", async () => {
    const pid = await hypervisorPid(home.home);
    process.kill(pid, "SIGSTOP");
    try {
      const hung = await untilState(machine, (now) => now.status === "broken", 60_000);
      expect(hung).toMatchObject({ repair: "start-again" });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await untilState(machine, (now) => now.status === "running", 60_000);
  });

  it("comes back by itself after its hypervisor was killed, with everything that was synced", async () => {
    const write = "dd if=/dev/urandom of=/v/f bs=1M count=8 2>/dev/null; sync; sha256sum /v/f";
    const sum = await docker(machine, "run", "--rm", "-v", "keep:/v", helper, "sh", "-c", write);
    const before = await machine.inventory();
    process.kill(await hypervisorPid(home.home), "SIGKILL");
    await untilState(machine, (now) => now.status !== "running", 10_000);
    const state = await untilState(machine, (now) => now.status === "running", 200_000);
    expect("notices" in state && state.notices.join()).toContain("ended unexpectedly");
    expect(await docker(machine, "run", "--rm", "-v", "keep:/v", helper, "sha256sum", "/v/f")).toBe(sum);
    expect(await machine.inventory()).toEqual(before);
  });

  it("collects diagnostics without keys", async () => {
    const { path } = await machine.repair("collect-diagnostics");
    expect((await stat(path ?? "")).mode & 0o777).toBe(0o600);
  });

  it("stops cleanly, and says on its socket that it is stopped", async () => {
    await machine.stop();
    expect(machine.state).toEqual({ status: "stopped" });
    await expect(docker(machine, "ps")).rejects.toThrow("Start it in Longshore");
  });
});
