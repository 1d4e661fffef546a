import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { PortForward } from "#contract";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { untilState } from "../fixtures/machine.ts";
import { asGuestRoot } from "../fixtures/over-machine.ts";
import { ensurePerlImage, perlImage } from "../fixtures/perl-image.ts";
import { askUdp, fetchText } from "../fixtures/published-port.ts";
import { sharedMachine } from "../fixtures/shared-machine.ts";

const docker = dockerCli(inject("dockerHost"));
const web = ["sh", "-c", "mkdir -p /w; echo hello >/w/index.html; exec httpd -f -p 80 -h /w"];
const echo = `use IO::Socket::INET;
my $socket = IO::Socket::INET->new(LocalPort => 99, Proto => "udp") or die;
while (1) { my $from = recv($socket, my $data, 2000, 0); send($socket, "echo $data", 0, $from) if $from; }`;

beforeAll(() => ensurePerlImage(docker));
afterAll(async () => {
  await docker("rm", "-f", "ports-web", "ports-udp");
});

/** An address by which other computers reach this one. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const own = all.find(({ family, internal }) => family === "IPv4" && !internal);
  if (!own) throw new Error("this computer has no address but the loopback's");
  return own.address;
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

/** Rejects where nobody listens. */
async function canConnect(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
}

async function forwards(fits: (all: readonly PortForward[]) => boolean): Promise<readonly PortForward[]> {
  const state = await untilState(sharedMachine(), (now) => now.status === "running" && fits(now.forwards), 90_000);
  return state.status === "running" ? state.forwards : [];
}

const short = ({ protocol, hostAddress, hostPort, status }: PortForward): string =>
  `${protocol} ${hostAddress}:${hostPort} ${status}`;

test("TCP and UDP are delivered, on all addresses and on the loopback alone", async () => {
  const quick = ["-d", "--stop-signal", "KILL"];
  await docker(
    "run",
    ...quick,
    "--name",
    "ports-web",
    "-p",
    "28080:80",
    "-p",
    "127.0.0.1:28081:80",
    "busybox:test",
    ...web,
  );
  // Whoever has started it need not wait any more.
  await Promise.all([28080, 28081].map(canConnect));
  const udp = ["-p", "28082:99/udp", "-p", "127.0.0.1:28083:99/udp"];
  await docker("run", ...quick, "--name", "ports-udp", ...udp, perlImage, "perl", "-e", echo);
  expect(await fetchText(28080)).toBe("hello\n");
  expect(await fetchText(28081)).toBe("hello\n");
  expect(await askUdp(28082, "one")).toBe("echo one");
  expect(await askUdp(28083, "two")).toBe("echo two");
  const all = await forwards((now) => now.length === 4);
  expect(all.map(short).sort()).toEqual([
    "tcp 0.0.0.0:28080 open",
    "tcp 127.0.0.1:28081 open",
    "udp 0.0.0.0:28082 open",
    "udp 127.0.0.1:28083 open",
  ]);
});

/** Bytes and packets that left the guest by the containers' card so far. */
async function sent(): Promise<{ bytes: number; packets: number }> {
  const table = await asGuestRoot(docker, "nsenter --net=/run/netns/edge cat /proc/net/dev");
  const columns = /pub0:\s*(.*)/.exec(table)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
  return { bytes: columns[8] ?? 0, packets: columns[9] ?? 0 };
}

test("a large file arrives whole at several readers, one of them slow, and in large frames", async () => {
  await docker("exec", "ports-web", "dd", "if=/dev/urandom", "of=/w/large", "bs=1M", "count=24");
  const [sum] = (await docker("exec", "ports-web", "sha256sum", "/w/large")).split(" ");
  const before = await sent();
  const read = async (pauseMs: number): Promise<string> => {
    const { body } = await fetch("http://127.0.0.1:28080/large");
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of body ?? []) {
      hash.update(chunk);
      // Now and then, so that what is on the way fills every buffer.
      if (Math.floor((bytes + chunk.length) / 2 ** 22) > Math.floor(bytes / 2 ** 22))
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      bytes += chunk.length;
    }
    return hash.digest("hex");
  };
  expect(await Promise.all([0, 0, 500].map(read))).toEqual([sum, sum, sum]);
  const after = await sent();
  expect((after.bytes - before.bytes) / (after.packets - before.packets)).toBeGreaterThan(5_000);
});

test("from other computers only what is published on all addresses answers", async () => {
  const answer = await fetch(`http://${ownAddress()}:28080/`);
  expect(await answer.text()).toBe("hello\n");
  await expect(fetch(`http://${ownAddress()}:28081/`)).rejects.toThrow();
});

test("a range of ports that is taken is told port by port with its holder, and opened once it is free", async () => {
  const taken = await Promise.all([28084, 28085].map(listen));
  const range = ["-p", "28084-28085:80-81"];
  await docker("run", "-d", "--name", "ports-late", "--stop-signal", "KILL", ...range, "busybox:test", ...web);
  const isRefused = ({ status }: PortForward): boolean => status === "refused";
  const refused = (await forwards((now) => now.filter(isRefused).length === 2)).filter(isRefused);
  for (const port of [28084, 28085]) {
    const why = expect.stringMatching(new RegExp(`Port ${port}/tcp .* \\(process ${process.pid}\\)`));
    expect(refused).toContainEqual(expect.objectContaining({ hostPort: port, container: "ports-late", why }));
  }
  await Promise.all(taken.map((server) => new Promise((resolve) => server.close(resolve))));
  await forwards((now) => now.every(({ status }) => status === "open"));
  expect(await fetchText(28084)).toBe("hello\n");
});

test("a port closes with its container", async () => {
  await docker("rm", "-f", "ports-late");
  await forwards((now) => now.every(({ hostPort }) => hostPort !== 28084));
  await expect(fetch("http://127.0.0.1:28084/")).rejects.toThrow();
});
