import { expect, test } from "vitest";
import { parseIpv6Routes, parseRoutes } from "./overlap.ts";
import { contains, overlaps, parseSubnet, suggestSubnet } from "./subnet.ts";

function subnet(text: string) {
  const parsed = parseSubnet(text);
  if (!parsed) throw new Error(`${text} is no subnet`);
  return parsed;
}

test("overlaps are found in both families, whichever is the larger", () => {
  expect(overlaps(subnet("10.0.0.0/8"), subnet("10.20.30.0/24"))).toBe(true);
  expect(overlaps(subnet("10.20.30.0/24"), subnet("10.0.0.0/8"))).toBe(true);
  expect(overlaps(subnet("172.18.0.0/16"), subnet("172.19.0.0/16"))).toBe(false);
  expect(overlaps(subnet("fd00::/8"), subnet("fd12:3456::/32"))).toBe(true);
  expect(overlaps(subnet("::/0"), subnet("0.0.0.0/0"))).toBe(false);
  expect(contains(subnet("10.1.0.0/16"), "10.1.255.254")).toBe(true);
  expect(contains(subnet("10.1.0.0/16"), "10.2.0.1")).toBe(false);
});

test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "fe80::1/129", "x/8", "10.0.0.0/8/8", ""])(
  "%s is no subnet",
  (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  },
);

test("a suggestion meets nothing that is taken", () => {
  const taken = ["172.16.0.0/12", "192.168.0.0/16"].map(subnet);
  expect(suggestSubnet(taken)).toBe("10.255.0.0/16");
  expect(suggestSubnet([])).toBe("172.18.0.0/16");
  expect(suggestSubnet([subnet("0.0.0.0/0")])).toBeUndefined();
});

test("routes of the kernel are read, without the default route", () => {
  const text = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF
eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF`;
  expect(parseRoutes(text)).toEqual([
    { subnet: "172.17.0.0/16", device: "docker0" },
    { subnet: "10.0.0.0/24", device: "eth0" },
  ]);
});

test("IPv6 routes of the kernel are read, without what every network card has", () => {
  const none = "0".repeat(32);
  const line = (target: string, prefix: string, device: string): string =>
    `${target.padEnd(32, "0")} ${prefix} ${none} 00 ${none} 00000100 00000001 00000000 00000001     ${device}`;
  const text = [
    line("fd000012", "40", "eth0"),
    line("fe80", "40", "eth0"),
    line("ff", "08", "eth0"),
    line("", "00", "eth0"),
    line("fd0000120000000000000000000000a1", "80", "lo"),
    line("fd", "08", "lo"),
    line("20010db8", "20", "tun0"),
    "",
  ].join("\n");
  expect(parseIpv6Routes(text)).toEqual([
    { subnet: "fd00:12::/64", device: "eth0" },
    { subnet: "2001:db8::/32", device: "tun0" },
  ]);
});
