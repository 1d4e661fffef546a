import { AppError } from "#contract/errors.ts";
import type { MachineSettings } from "#contract/machine.ts";
import type { Driver, DriverName } from "./driver.ts";

interface Choice {
  readonly driver: Driver;
  readonly reason: string;
}

/**
 * Best first. On macOS QEMU goes first although vfkit is the system's own: only QEMU suspends, forwards ports
 * by itself, and keeps the two networks of the guest as they were tried.
 */
const order: Partial<Record<NodeJS.Platform, readonly DriverName[]>> = {
  darwin: ["qemu", "vfkit"],
  win32: ["wsl", "qemu"],
};

/** The driver for this system, with a reason for the user. Throws `unavailable` with every reason against. */
export async function chooseDriver(
  drivers: readonly Driver[],
  wish: MachineSettings["driver"],
  { platform, signal }: { platform: NodeJS.Platform; signal: AbortSignal },
): Promise<Choice> {
  const names = wish === "auto" ? (order[platform] ?? ["qemu"]) : [wish];
  const rejected: string[] = [];
  for (const name of names) {
    const driver = drivers.find((candidate) => candidate.name === name);
    const verdict = await driver?.probe(signal);
    if (driver && verdict?.usable) return { driver, reason: reasonOf(name, wish, rejected) };
    rejected.push(`${name}: ${verdict?.usable === false ? verdict.reason : "not made for this system"}`);
  }
  throw new AppError("unavailable", `No virtual machine can be run here. ${rejected.join(" ")}`);
}

function reasonOf(name: DriverName, wish: MachineSettings["driver"], rejected: readonly string[]): string {
  if (wish !== "auto") return `Driver ${name}, as set.`;
  return rejected.length === 0
    ? `Driver ${name}: the best for this system.`
    : `Driver ${name}, because ${rejected.join(" ")}`;
}
