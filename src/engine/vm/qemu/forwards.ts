import { AppError } from "#contract/errors.ts";
import type { ForwardRule, PortForwarding } from "../driver.ts";
import type { Qmp } from "./qmp.ts";

const anyHostGuest = "10.0.2.15";
const loopbackGuest = "10.0.2.16";

/** Published ports by QEMU's own user network: the commands work while the guest runs. */
export function qemuForwarding(qmp: Qmp): PortForwarding {
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  };
  const listForwards = async () => parseUsernet(await qmp.monitor("info usernet"));
  return {
    listForwards: () => inTurn(listForwards),
    addForward: (rule) =>
      inTurn(async () => {
        if ((await listForwards()).some((known) => sameRule(known, rule))) return;
        const answer = await qmp.monitor(`hostfwd_add edge ${addressOf(rule)}-${guestOf(rule)}:${rule.guestPort}`);
        if (answer.trim() !== "") throw new AppError("conflict", answer.trim());
      }),
    removeForward: (rule) =>
      inTurn(async () => {
        await qmp.monitor(`hostfwd_remove edge ${addressOf(rule)}`);
      }),
  };
}

function addressOf(rule: ForwardRule): string {
  return `${rule.protocol}:${rule.hostAddress}:${rule.hostPort}`;
}

function guestOf(rule: ForwardRule): string {
  return rule.loopback ? loopbackGuest : anyHostGuest;
}

/** True where both rules open the same port of the host for the same port of the guest. */
export function sameRule(one: ForwardRule, other: ForwardRule): boolean {
  return addressOf(one) === addressOf(other) && guestOf(one) === guestOf(other) && one.guestPort === other.guestPort;
}

/** The forwards of the container network in `info usernet`; connections are left out. */
export function parseUsernet(text: string): ForwardRule[] {
  return hostForwards(text, "edge").map((found) => ({
    protocol: found.protocol,
    hostAddress: found.hostAddress === "*" ? "0.0.0.0" : found.hostAddress,
    hostPort: found.hostPort,
    guestPort: found.guestPort,
    loopback: found.guest === loopbackGuest,
  }));
}

/** The loopback port that leads to the guest's ssh: the one forward of the management network. */
export function parseSshPort(text: string): number | undefined {
  return hostForwards(text, "mgmt")[0]?.hostPort;
}

interface HostForward {
  readonly protocol: "tcp" | "udp";
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly guest: string;
  readonly guestPort: number;
}

function hostForwards(text: string, network: string): HostForward[] {
  const found: HostForward[] = [];
  let inNetwork = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /\((\S+)\):\s*$/.exec(line) ?? /^(\S+):\s*$/.exec(line);
    if (header) inNetwork = header[1] === network;
    const row = /^\s*(TCP|UDP)\[HOST_FORWARD\]\s+-?\d+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)/.exec(line);
    if (!inNetwork || !row) continue;
    const [, protocol, hostAddress = "", hostPort, guest = "", guestPort] = row;
    found.push({
      protocol: protocol === "UDP" ? "udp" : "tcp",
      hostAddress,
      hostPort: Number(hostPort),
      guest,
      guestPort: Number(guestPort),
    });
  }
  return found;
}
