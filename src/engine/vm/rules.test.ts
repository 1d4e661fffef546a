import { describe, expect, it } from "vitest";
import { AppError } from "#contract/errors.ts";
import { machineSettings } from "#contract/machine.ts";
import { chooseDriver } from "./choose-driver.ts";
import { redact } from "./diagnostics.ts";
import type { Driver, DriverVerdict } from "./driver.ts";
import { explainFailure } from "./failures.ts";
import { quoteWord } from "./guest/ssh-link.ts";
import { idleSaver } from "./idle-saver.ts";
import { diffSettings, needsRestart } from "./settings-diff.ts";

const defaults = machineSettings.parse({});
const GiB = 2 ** 30;

describe("diffSettings", () => {
  it("says what a change takes, in words", () => {
    const to = { ...defaults, cpus: 4, diskBytes: 128 * GiB, idleMinutes: 5 };
    expect(diffSettings(defaults, to)).toEqual([
      { setting: "cpus", from: "2", to: "4", effect: "restart" },
      { setting: "diskBytes", from: "64 GiB", to: "128 GiB", effect: "now" },
      { setting: "idleMinutes", from: "never", to: "5 minutes", effect: "now" },
    ]);
    expect(diffSettings(defaults, { ...defaults, diskBytes: 32 * GiB })[0]?.effect).toBe("copy-disk");
    expect(diffSettings(defaults, defaults)).toEqual([]);
  });

  it("knows what can be applied while the machine runs", () => {
    expect(needsRestart(diffSettings(defaults, { ...defaults, idleMinutes: 1 }))).toBe(false);
    expect(needsRestart(diffSettings(defaults, { ...defaults, hostAccess: true }))).toBe(true);
  });
});

describe("explainFailure", () => {
  const cause = { hypervisorLog: "", consoleLog: "" };

  it("has a repair for each, the best one first", () => {
    const disk = explainFailure({ ...cause, error: new Error("The guest says: bad superblock"), step: "data-disk" });
    expect(disk).toMatchObject({ repair: "check-disk" });
    expect(disk.repairs).toContain("collect-diagnostics");
    expect(explainFailure({ ...cause, error: new Error("x"), step: undefined }).repair).toBe("start-again");
  });

  it("explains what QEMU only hints at", () => {
    const hypervisorLog = 'Failed to get "write" lock';
    const error = new AppError("unavailable", "QEMU ended at once (status 1).");
    expect(explainFailure({ ...cause, error, step: "hypervisor", hypervisorLog }).why).toContain(
      "in use by another process",
    );
    expect(explainFailure({ ...cause, error, step: "hypervisor", hypervisorLog: "odd" }).why).toContain("odd");
    expect(
      explainFailure({ ...cause, error: new Error("write: No space left on device"), step: "disk" }).why,
    ).toContain("room");
  });
});

describe("idleSaver", () => {
  it("suspends after the time without containers and clients, and only then", () => {
    let suspended = 0;
    let connections = 0;
    const suspend = async () => {
      suspended += 1;
    };
    const idle = idleSaver({
      settings: () => ({ idleMinutes: 1 }),
      connections: () => connections,
      suspend,
      minuteMs: 60_000,
    });
    idle.onRunning(1);
    idle.onTick(0);
    idle.onTick(70_000);
    idle.onRunning(0);
    idle.onTick(80_000);
    connections = 1;
    idle.onTick(120_000);
    connections = 0;
    idle.onTick(130_000);
    idle.onTick(189_000);
    expect(suspended).toBe(0);
    idle.onTick(190_000);
    expect(suspended).toBe(1);
  });
});

describe("chooseDriver", () => {
  const driver = (name: Driver["name"], verdict: DriverVerdict): Driver => ({
    name,
    probe: async () => verdict,
    start: () => Promise.reject(new Error("not here")),
    adopt: async () => undefined,
  });
  const yes = { usable: true, version: "1", accelerator: "a", reason: "r" } as const;
  const signal = new AbortController().signal;

  it("takes the best one and says why not the others", async () => {
    const drivers = [driver("wsl", { usable: false, reason: "no WSL." }), driver("qemu", yes)];
    const { driver: chosen, reason } = await chooseDriver(drivers, "auto", { platform: "win32", signal });
    expect(chosen.name).toBe("qemu");
    expect(reason).toContain("no WSL.");
    await expect(chooseDriver(drivers, "wsl", { platform: "win32", signal })).rejects.toThrow("no WSL.");
  });
});

describe("words", () => {
  it("reach the guest's shell as they are", () => {
    expect(quoteWord("status")).toBe("status");
    expect(quoteWord("a b'; rm")).toBe(`'a b'\\''; rm'`);
  });

  it("leave no passwords of addresses in the diagnostics", () => {
    expect(redact("proxy http://me:secret@host:1/ x")).toBe("proxy http://***@host:1/ x");
  });
});
