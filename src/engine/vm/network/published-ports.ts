import { z } from "zod";
import type { ForwardRule } from "../driver.ts";

/** The parts of `GET /containers/json` that tell of published ports. */
export const containerList = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullish(),
    State: z.string().optional(),
    Ports: z
      .array(
        z.object({
          IP: z.string().optional(),
          PublicPort: z.number().optional(),
          Type: z.string(),
        }),
      )
      .nullish(),
  }),
);

/** A forward that a container asks for; `why` where it cannot be had. */
export interface WantedForward {
  readonly rule: ForwardRule;
  readonly container: string;
  readonly why?: string;
}

/** What must be forwarded for these containers: each port once, on all addresses where any row says so. Pure. */
export function wantedForwards(containers: z.infer<typeof containerList>): WantedForward[] {
  const wanted = new Map<string, WantedForward>();
  for (const container of containers) {
    const name = container.Names?.[0]?.replace(/^\//, "") ?? container.Id.slice(0, 12);
    for (const port of container.Ports ?? []) {
      if (port.PublicPort === undefined || (port.Type !== "tcp" && port.Type !== "udp")) continue;
      const forward = wantedForward(name, { ip: port.IP ?? "", port: port.PublicPort, protocol: port.Type });
      const key = `${port.Type}:${forward.rule.hostAddress}:${port.PublicPort}`;
      if (!wanted.has(key)) wanted.set(key, forward);
    }
  }
  return [...wanted.values()].filter((forward) => !isCovered(forward, wanted));
}

interface PublishedPort {
  readonly ip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

function wantedForward(container: string, { ip, port, protocol }: PublishedPort): WantedForward {
  const loopback = ip.startsWith("127.") || ip === "::1";
  const hostAddress = loopback ? "127.0.0.1" : "0.0.0.0";
  const rule = { protocol, hostAddress, hostPort: port, guestPort: port, loopback };
  if (ip !== "::1") return { rule, container };
  const why = "It is published on ::1, which is not carried to the host. Publish it on 127.0.0.1.";
  return { rule: { ...rule, hostAddress: "::1" }, container, why };
}

/** A loopback rule beside one for all addresses of the same port would only conflict with it. */
function isCovered({ rule }: WantedForward, wanted: ReadonlyMap<string, WantedForward>): boolean {
  return rule.hostAddress !== "0.0.0.0" && wanted.has(`${rule.protocol}:0.0.0.0:${rule.hostPort}`);
}
