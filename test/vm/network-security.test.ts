import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { hypervisorPid, managementPort, untilState } from "../fixtures/machine.ts";
import { ensurePerlImage, perlImage } from "../fixtures/perl-image.ts";
import { type ScanTarget, scanFrom, scanner } from "../fixtures/port-scan.ts";
import { sharedMachine } from "../fixtures/shared-machine.ts";

const run = promisify(execFile);
const home = inject("machineHome");
const docker = dockerCli(inject("dockerHost"));

/** Offered to this computer alone: no container may read it. */
const decoy: Server = createServer((_request, answer) => answer.end("for this computer alone"));
let decoyPort: number;
let sshPort: number;

beforeAll(async () => {
  await ensurePerlImage(docker);
  await new Promise<void>((resolve) => decoy.listen(0, "127.0.0.1", resolve));
  decoyPort = (decoy.address() as AddressInfo).port;
  sshPort = await managementPort(home);
});
afterAll(async () => {
  await new Promise((resolve) => decoy.close(resolve));
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Each address of the networks between a container and this computer, with the ports of what could be found there. */
function surroundings(): ScanTarget[] {
  const nets = ["10.0.2", "10.0.3", "10.99.0"];
  const near = nets.flatMap((net) => range(1, 254).map((last) => `${net}.${last}`));
  const known = [
    ...["10.0.2.2", "10.0.2.3", "10.0.2.4", "10.0.2.15", "10.0.2.16", "10.0.3.2", "10.0.3.3", "10.0.3.15"],
    ...["10.99.0.1", "10.99.0.2", "10.99.0.3", "172.17.0.1"],
  ];
  return [
    ...near.flatMap((address) => [2375, decoyPort].map((port): ScanTarget => `${address}:${port}`)),
    ...known.flatMap((address): ScanTarget[] => [
      `${address}:1-100`,
      ...[443, 2376, 2377, 4243, 7777, 8080, sshPort].map((port): ScanTarget => `${address}:${port}`),
    ]),
  ];
}

/** What the hypervisor listens on, as the system tells it: `protocol address:port`. */
async function listening(): Promise<string[]> {
  const pid = await hypervisorPid(home);
  const { stdout } = await run("ss", ["-ltnpH"]);
  const rows = stdout.split("\n").filter((line) => line.includes(`pid=${pid},`));
  return rows.map((line) => line.trim().split(/\s+/)[3] ?? "").sort();
}

/** The resolver of this computer, by the hypervisor: whoever answers names to the host may do so over TCP too. */
const isNotResolver = (line: string): boolean => !/^(open )?10\.0\.2\.3 53 /.test(line);

const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

describe("what a container can reach", () => {
  test("from its own network and from the host's: no Docker API, no ssh, nothing of this computer's loopback", async () => {
    const plain = scanFrom(docker, [], surroundings());
    const onHost = scanFrom(docker, ["--network", "host"], [...surroundings(), "127.0.0.1:1-10000"]);
    expect((await plain).filter(isNotResolver)).toEqual([]);
    expect((await onHost).filter(isNotResolver)).toEqual([]);
  });

  test("on the host's network the machine itself listens on nothing", async () => {
    // Abstract sockets belong to the network, not to a folder: containerd's could once be reached so.
    const script = "cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\"'; awk '$8 ~ /^@/' /proc/net/unix";
    expect(await docker("run", "--rm", "--network", "host", perlImage, "sh", "-c", script)).toBe("");
  });

  test("this computer listens for the machine on published ports and one protected loopback port", async () => {
    await docker(
      "run",
      "-d",
      "--name",
      "seen",
      "--stop-signal",
      "KILL",
      "-p",
      "28086:80",
      "busybox:test",
      "sleep",
      "99",
    );
    await untilState(sharedMachine(), (now) => now.status === "running" && now.forwards.length === 1, 90_000);
    expect(await listening()).toEqual([`0.0.0.0:28086`, `127.0.0.1:${sshPort}`].sort());
    await docker("rm", "-f", "seen");
    await untilState(sharedMachine(), (now) => now.status === "running" && now.forwards.length === 0, 90_000);
    expect(await listening()).toEqual([`127.0.0.1:${sshPort}`]);
  });
});

/** Takes both network cards to itself, tries what is behind them, and puts them back where they were. */
const attack = `
driver=/sys/bus/virtio/drivers/virtio_net
mgmt_pid=$(pidof dropbear | awk '{ print $1 }')
nsenter -t 1 -m -- sh -c 'exec nsenter --net=/run/netns/edge sleep 300' &
sleep 1
edge_pid=$(pidof sleep | tr ' ' '\\n' | while read p; do [ "$(readlink /proc/$p/ns/net)" != "$(readlink /proc/1/ns/net)" ] && echo $p && break; done)
for device in $(cd $driver && ls -d virtio*); do echo $device >$driver/unbind; echo $device >$driver/bind; done
sleep 1
card() { for entry in /sys/class/net/*; do [ "$(cat $entry/address)" = "$1" ] && basename $entry; done; }
mgmt=$(card 52:54:00:4c:53:01); edge=$(card 52:54:00:4c:53:02)
echo "cards $mgmt $edge"
ip addr add 10.0.3.15/24 dev $mgmt; ip link set $mgmt up
ip addr add 10.0.2.15/24 dev $edge; ip link set $edge up
perl -e "$SCANNER" | sed 's/^/open /'
perl -e 'use IO::Socket::INET; use IO::Select;
for my $to ("10.0.2.2", "10.0.3.2") { for my $word ("\\x00\\x01/etc/passwd\\x00octet\\x00", "\\x00\\x02/tmp/longshore-was-here\\x00octet\\x00") {
  my $s = IO::Socket::INET->new(PeerAddr => "$to:69", Proto => "udp") or next; $s->send($word);
  print "tftp $to answers\\n" if IO::Select->new($s)->can_read(1) && $s->recv(my $data, 100) && length $data; } }'
ip link set $mgmt netns $mgmt_pid
nsenter -t $mgmt_pid -n -- sh -c "ip addr add 10.0.3.15/24 dev $mgmt; ip link set $mgmt mtu 15000; ip link set $mgmt up"
ip link set $edge netns $edge_pid
nsenter -t $edge_pid -n -- sh -c "ip link set $edge name pub0; ip link set pub0 mtu 15000; ip addr add 10.0.2.15/24 dev pub0; ip addr add 10.0.2.16/24 dev pub0; ip link set pub0 up; ip route add default via 10.0.2.2"
echo restored
`;

/** The output of a container that cuts the machine's own link for a while. */
async function outputOf(name: string): Promise<string> {
  const isOver = () => docker("inspect", "--format", "{{.State.Running}}", name).catch(() => "unreachable");
  await expect.poll(isOver, { timeout: 240_000, interval: 2_000 }).toBe("false");
  return docker("logs", name);
}

test("even root of the machine, with both network cards in its hands, makes nothing on this computer", async () => {
  const before = { listening: await listening(), home: await namesIn(home) };
  const gateways = ["10.0.2.2", "10.0.2.3", "10.0.2.4", "10.0.3.2", "10.0.3.3", "10.0.3.4"];
  const ports = ["1-100", "443", "2375-2377", "7777", "8080", `${decoyPort}`, `${sshPort}`];
  const scan = gateways.flatMap((address) => ports.map((port) => `${address}:${port}`)).join(",");
  const power = ["--privileged", "--network", "host", "--pid", "host"];
  const env = ["-e", `SCAN=${scan}`, "-e", `SCANNER=${scanner}`];
  await docker("run", "-d", "--name", "attack", ...power, ...env, perlImage, "sh", "-c", attack);
  const lines = (await outputOf("attack")).split("\n");
  await docker("rm", "-f", "attack");
  expect(lines[0]).toMatch(/^cards \S+ \S+$/);
  expect(lines.at(-1)).toBe("restored");
  const open = lines.filter((line) => line.startsWith("open "));
  // The management card reaches nothing at all.
  expect(open.filter((line) => line.includes(" 10.0.3."))).toEqual([]);
  expect(open.filter((line) => line.includes("DOCKER"))).toEqual([]);
  expect(lines.filter((line) => line.startsWith("tftp"))).toEqual([]);
  // By the containers' card root may connect to what this computer's loopback offers to everybody; docs/platforms.md says so.
  expect(open.filter((line) => !line.startsWith("open 10.0.2.2 ") && isNotResolver(line))).toEqual([]);
  expect(await listening()).toEqual(before.listening);
  expect((await namesIn(home)).filter((name) => !before.home.includes(name))).toEqual([]);
  await expect.poll(() => docker("version", "--format", "ok")).toBe("ok");
});
