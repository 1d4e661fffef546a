import type { SubnetOverlap } from "#contract";
import { AppError } from "#contract/errors.ts";
import type { Helpers } from "../docker/helper.ts";
import { listNetworks } from "../docker/networks.ts";
import type { Session } from "../docker/session.ts";
import { contains, overlaps, parseSubnet, type Subnet, suggestSubnet } from "./subnet.ts";

/** A subnet that something has already. */
interface Taken {
  readonly subnet: Subnet;
  readonly holder: string;
}

interface Route {
  readonly subnet: string;
  readonly device: string;
}

/** `/proc/net/route` writes addresses as the machine stores them, little endian on all that Docker runs on. */
function fromLittleEndian(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
}

function prefixOf(mask: string): number {
  return Number.parseInt(mask, 16).toString(2).replaceAll("0", "").length;
}

/** Routes of `/proc/net/route`, the default route left out: it meets everything. */
export function parseRoutes(text: string): Route[] {
  return text.split("\n").flatMap((line) => {
    const [device = "", target = "", , , , , , mask = ""] = line.trim().split(/\s+/);
    if (!/^[0-9A-F]{8}$/.test(target) || mask === "00000000") return [];
    return [{ subnet: `${fromLittleEndian(target)}/${prefixOf(mask)}`, device }];
  });
}

/**
 * Routes of `/proc/net/ipv6_route`: target and prefix in hexadecimal, the device last. Left out are the default route,
 * single addresses, and what every network card has: link-local and multicast.
 */
export function parseIpv6Routes(text: string): Route[] {
  return text.split("\n").flatMap((line) => {
    const [target = "", length = "", ...rest] = line.trim().split(/\s+/);
    const prefix = Number.parseInt(length, 16);
    if (!/^[0-9a-f]{32}$/.test(target) || !(prefix > 0 && prefix < 128) || /^f[ef]/.test(target)) return [];
    const device = rest.at(-1) ?? "";
    // A route on the loopback device says that there is no way.
    if (device === "lo") return [];
    const groups = target.match(/.{4}/g) ?? [];
    // A URL writes an address in its short form.
    const short = new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
    return [{ subnet: `${short}/${prefix}`, device }];
  });
}

/** The engine host's routes, seen from a helper in its network namespace; none where the engine does not allow that. */
async function hostRoutes(helpers: Helpers): Promise<Route[]> {
  try {
    const script = Buffer.from(
      "cat /proc/net/route; if [ -e /proc/net/ipv6_route ]; then cat /proc/net/ipv6_route; fi",
    );
    const text = (await helpers.once({ network: "host" }, script)).stdout.toString("latin1");
    return [...parseRoutes(text), ...parseIpv6Routes(text)];
  } catch {
    return [];
  }
}

async function takenSubnets(session: Session, helpers: Helpers): Promise<Taken[]> {
  const [networks, routes] = await Promise.all([listNetworks(session), hostRoutes(helpers)]);
  const ofNetworks = networks.flatMap(({ name, subnets }) =>
    subnets.flatMap(({ subnet: text }) => {
      const subnet = parseSubnet(text);
      return subnet ? [{ subnet, holder: `network ${name}` }] : [];
    }),
  );
  const ofRoutes = routes.flatMap(({ subnet: text, device }) => {
    const subnet = parseSubnet(text);
    // A bridge's own route is the network it belongs to.
    if (
      !subnet ||
      ofNetworks.some((other) => other.subnet.first === subnet.first && other.subnet.prefix === subnet.prefix)
    ) {
      return [];
    }
    return [{ subnet, holder: `the engine host's route on ${device}` }];
  });
  return [...ofNetworks, ...ofRoutes];
}

/** Looks for what the subnets would meet, and for one that is free. Errors: bad_request where one is no subnet. */
export async function checkSubnets(
  session: Session,
  helpers: Helpers,
  texts: readonly string[],
): Promise<{ overlaps: SubnetOverlap[]; suggestion?: string }> {
  const asked = texts.map(requireSubnet);
  const taken = await takenSubnets(session, helpers);
  const found = asked.flatMap((subnet, index) => {
    const twin = asked.slice(0, index).find((other) => overlaps(subnet, other));
    const others = taken.filter((other) => overlaps(subnet, other.subnet));
    return [
      ...(twin ? [{ subnet: subnet.text, other: twin.text, holder: "another subnet of this network" }] : []),
      ...others.map(({ subnet: other, holder }) => ({ subnet: subnet.text, other: other.text, holder })),
    ];
  });
  const suggestion = suggestSubnet([...taken.map(({ subnet }) => subnet), ...(found.length > 0 ? [] : asked)]);
  return { overlaps: found, ...(suggestion ? { suggestion } : {}) };
}

function requireSubnet(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (subnet) return subnet;
  throw new AppError(
    "bad_request",
    `"${text}" is not a subnet. Write it as an address and a prefix, for example 10.20.0.0/16.`,
  );
}

/** Checks what a new network is given before the engine is asked. Errors: bad_request, conflict (overlap). */
export async function requireFreeSubnets(
  session: Session,
  helpers: Helpers,
  subnets: readonly { subnet: string; gateway: string; range: string }[],
): Promise<void> {
  if (subnets.length === 0) return;
  for (const { subnet, gateway, range } of subnets) {
    const parsed = requireSubnet(subnet);
    if (gateway && !contains(parsed, gateway)) {
      throw new AppError("bad_request", `The gateway ${gateway} is not in ${subnet}.`);
    }
    if (!range) continue;
    const inner = requireSubnet(range);
    if (inner.first < parsed.first || inner.last > parsed.last || inner.family !== parsed.family) {
      throw new AppError("bad_request", `The range ${range} is not in ${subnet}.`);
    }
  }
  const { overlaps: found, suggestion } = await checkSubnets(
    session,
    helpers,
    subnets.map(({ subnet }) => subnet),
  );
  const [first] = found;
  if (!first) return;
  const free = suggestion ? ` ${suggestion} is free.` : "";
  throw new AppError("conflict", `${first.subnet} overlaps ${first.other} of ${first.holder}.${free}`, {
    data: { reason: "overlap", ...(suggestion ? { suggestion } : {}) },
  });
}
