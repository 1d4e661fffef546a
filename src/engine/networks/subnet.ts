import { isIPv4, isIPv6 } from "node:net";

/** A range of addresses, both ends included. */
export interface Subnet {
  readonly text: string;
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

function ipv4Value(text: string): bigint {
  return text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function ipv6Value(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const value = ipv4Value(dotted[2] ?? "0.0.0.0");
    return ipv6Value(`${dotted[1]}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`);
  }
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

/** The value of an address, or undefined where the text is none. */
export function parseAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  if (isIPv4(text)) return { family: 4, value: ipv4Value(text) };
  if (isIPv6(text) && !text.includes("%")) return { family: 6, value: ipv6Value(text) };
  return undefined;
}

/** `10.1.0.0/16`; undefined where the text is no subnet. Bits behind the prefix are ignored. */
export function parseSubnet(text: string): Subnet | undefined {
  const [host = "", length = "", ...rest] = text.trim().split("/");
  const address = parseAddress(host);
  const prefix = Number(length);
  if (!address || rest.length > 0 || !/^\d{1,3}$/.test(length)) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  const first = (address.value / size) * size;
  return { text: text.trim(), family: address.family, prefix, first, last: first + size - 1n };
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

export function contains(subnet: Subnet, address: string): boolean {
  const parsed = parseAddress(address);
  return parsed?.family === subnet.family && parsed.value >= subnet.first && parsed.value <= subnet.last;
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

/** Docker's own default pools, then the rest of 10/8, which is more often taken by a company's network. */
function* candidates(): Generator<string> {
  for (let second = 18; second <= 31; second += 1) yield `172.${second}.0.0/16`;
  for (let third = 0; third < 256; third += 16) yield `192.168.${third}.0/20`;
  for (let second = 255; second >= 0; second -= 1) yield `10.${second}.0.0/16`;
}

/** A private IPv4 subnet that meets none of `taken`. */
export function suggestSubnet(taken: readonly Subnet[]): string | undefined {
  for (const text of candidates()) {
    const subnet = parseSubnet(text);
    if (subnet && !taken.some((other) => overlaps(subnet, other))) return `${dotted(subnet.first)}/${subnet.prefix}`;
  }
  return undefined;
}
