import { execFile } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { machineHome, managementPort, openMachine, untilState } from "../fixtures/machine.ts";
import { ensurePerlImage, perlImage } from "../fixtures/perl-image.ts";
import { type Bench, type BenchResult, median, round, timed } from "./statistics.ts";

const run = promisify(execFile);

interface Place {
  readonly home: string;
  readonly socket: string;
  readonly docker: DockerCli;
  /** Waits until so many published ports are open on this computer. */
  readonly portsOpen: (count: number) => Promise<unknown>;
}

let opened: Promise<{ place: Place; end: () => Promise<void> }> | undefined;

/** One machine for all measurements of this file: a start takes longer than any of them. */
async function machine(): Promise<Place> {
  opened ??= open();
  return (await opened).place;
}

export async function close(): Promise<void> {
  await (await opened)?.end();
}

async function open() {
  const { home, remove } = await machineHome();
  const machine = await openMachine(home, { diskBytes: 4 * 2 ** 30 });
  await machine.start();
  const docker = dockerCli(`unix://${machine.socket}`);
  await ensurePerlImage(docker);
  const portsOpen = (count: number) =>
    untilState(machine, (now) => now.status === "running" && now.forwards.length === count, 30_000);
  const end = async () => {
    await machine.close("stop");
    await remove();
  };
  return { place: { home, socket: machine.socket, docker, portsOpen }, end };
}

const streamBytes = 64 * 2 ** 20;

/** Sends as many bytes as the bench wants to whoever connects. */
const server = (port: number): string => `use IO::Socket::INET;
my $listener = IO::Socket::INET->new(LocalPort => ${port}, Listen => 5, ReuseAddr => 1) or die "listen: $!";
my $block = "x" x 1048576;
while (my $client = $listener->accept) { for (1 .. ${streamBytes / 2 ** 20}) { print $client $block; } close $client; }`;

async function bytesPerSecond(port: number): Promise<number> {
  let received = 0;
  const ms = await timed(async () => {
    for await (const chunk of connect(port, "127.0.0.1")) received += (chunk as Buffer).length;
  });
  if (received !== streamBytes) throw new Error(`port ${port} sent ${received} bytes`);
  return (received / ms) * 1000;
}

/**
 * The bare network ends in the namespace of the containers' card: a process there answers what QEMU forwards, without
 * firewall, link, bridge and Docker's own rules, in segments of the size that QEMU asks for. Its port is published by a
 * container that does nothing, so that QEMU forwards it.
 */
const bareNetwork = `nsenter -t 1 -m -- sh -c '
nsenter --net=/run/netns/edge iptables -t nat -I PREROUTING -p tcp --dport 28096 -j ACCEPT
nsenter --net=/run/netns/edge iptables -I INPUT -p tcp --dport 28096 -j ACCEPT'
nsenter --net=/guest-run/netns/edge perl -e "$SERVER"`;

async function publishedPort(): Promise<BenchResult> {
  const { docker, portsOpen } = await machine();
  await docker("run", "-d", "-p", "28095:28095", perlImage, "perl", "-e", server(28095));
  await docker("run", "-d", "-p", "28096:28096", perlImage, "sleep", "9999");
  const power = ["--privileged", "--pid", "host", "-v", "/run:/guest-run", "-e", `SERVER=${server(28096)}`];
  await docker("run", "-d", ...power, perlImage, "sh", "-c", bareNetwork);
  await portsOpen(2);
  const rates: Record<28095 | 28096, number[]> = { 28095: [], 28096: [] };
  for (let turn = 0; turn < 6; turn += 1) {
    for (const port of [28095, 28096] as const) {
      const rate = await untilAnswers(() => bytesPerSecond(port));
      // The first turn warms up.
      if (turn > 0) rates[port].push(rate);
    }
  }
  const [ours, bare] = [median(rates[28095]), median(rates[28096])];
  const note = `${round(ours / 1e6)} MB/s against ${round(bare / 1e6)} MB/s`;
  return { value: round(ours / bare), unit: "x QEMU's own network", holds: ours >= 0.9 * bare, note };
}

/** A server that has just been started may not listen yet. */
async function untilAnswers<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function ping(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: "/_ping", agent: false }, (answer) => {
      answer.resume();
      answer.once("end", resolve);
    });
    sent.once("error", reject);
    sent.end();
  });
}

async function pingMs(socket: string, pauseMs: number): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    const ms = await timed(() => ping(socket));
    if (turn >= 20) times.push(ms);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return median(times);
}

/** One after the other; after a pause each processor on the way has to be woken first, which says more of the computer. */
async function socketPing(): Promise<BenchResult> {
  const { socket } = await machine();
  const [middle, paused] = [await pingMs(socket, 0), await pingMs(socket, 100)];
  const note = `a new connection each; ${round(paused)} ms where 100 ms lie between two`;
  return { value: round(middle), unit: "ms", holds: middle <= 12, note };
}

async function execStream(): Promise<BenchResult> {
  const { home, socket, docker } = await machine();
  await docker("run", "-d", "--name", "reader", "-v", "bench:/v", perlImage, "sleep", "9999");
  await docker("exec", "reader", "dd", "if=/dev/zero", "of=/v/file", "bs=1M", "count=100");
  const key = join(home, "key");
  // The machine's own key, which is the test's to use.
  const { clientKey } = JSON.parse(await readFile(join(home, "machine/keys/keys.json"), "utf8")) as {
    clientKey: string;
  };
  await writeFile(key, clientKey);
  await chmod(key, 0o600);
  const port = String(await managementPort(home));
  const quiet = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"];
  const file = "/var/lib/docker/volumes/bench/_data/file";
  const sink = { encoding: "buffer", maxBuffer: 2 ** 28 } as const;
  const ssh = () => run("ssh", ["-i", key, "-p", port, ...quiet, "root@127.0.0.1", `cat ${file}`], sink);
  const exec = () => run("docker", ["-H", `unix://${socket}`, "exec", "reader", "cat", "/v/file"], sink);
  const times: { ssh: number[]; exec: number[] } = { ssh: [], exec: [] };
  for (let turn = 0; turn < 4; turn += 1) {
    const [bare, ours] = [await timed(ssh), await timed(exec)];
    if (turn === 0) continue;
    times.ssh.push(bare);
    times.exec.push(ours);
  }
  const rate = (ms: number) => round(100 / (ms / 1000));
  const [bare, ours] = [median(times.ssh), median(times.exec)];
  const note = `${rate(ours)} MiB/s against ${rate(bare)} MiB/s`;
  return { value: round(bare / ours), unit: "x ssh cat", holds: bare / ours >= 0.9, note };
}

export const benches: Bench[] = [
  { id: "VM-port", goal: "a published port carries at least 0.9x of QEMU's own user network", run: publishedPort },
  { id: "VM-ping", goal: "/_ping through the socket in at most 12 ms (median)", run: socketPing },
  { id: "VM-exec", goal: "docker exec cat at least 0.9x of a plain ssh cat", run: execStream },
];
