import type { Reachability } from "#contract";
import type { ReachFindings } from "./reach-findings.ts";

type Step = Reachability["steps"][number];

/** The default bridge knows no names: Docker resolves them on networks that a user made. */
const withoutNames = "bridge";

function hint({ from, target, sharedNetworks }: ReachFindings): string {
  if (!target) return "Check the name and the network's DNS";
  const own = (networks: readonly { name: string }[]): string | undefined =>
    networks.find(({ name }) => !["bridge", "host", "none"].includes(name))?.name;
  if (sharedNetworks.length === 0) {
    const network = own(from.networks);
    if (network) return `They share no network; connect ${target.name} to ${network}`;
    const other = own(target.networks);
    return other
      ? `They share no network; connect ${from.name} to ${other}`
      : "They share no network; connect both to one";
  }
  if (sharedNetworks.every((name) => name === withoutNames)) {
    return "The default bridge resolves no names; connect both to a network of your own";
  }
  return `On ${sharedNetworks[0]} it is called ${namesOf(target, sharedNetworks).join(", ")}; use one of these names`;
}

function namesOf(target: NonNullable<ReachFindings["target"]>, shared: readonly string[]): string[] {
  const aliases = target.networks.filter(({ name }) => shared.includes(name)).flatMap((network) => network.aliases);
  const names = [target.name, ...aliases].filter((name) => name !== target.id.slice(0, 12));
  return [...new Set(names)];
}

function stopped({ target, from, port }: ReachFindings): Reachability | undefined {
  if (!target || target.state === "running") return undefined;
  const what = target.state === "paused" ? "paused" : "not running";
  const doing = target.state === "paused" ? "Unpause it" : "Start it";
  const to = port === undefined ? target.name : `port ${port} of ${target.name}`;
  return {
    reachable: false,
    answer: `${from.name} cannot reach ${to}: ${target.name} is ${what}. ${doing} first.`,
    steps: [{ what: "state", outcome: "failed", detail: `${target.name} is ${what}.` }],
  };
}

function resolveStep({ host, addresses }: ReachFindings): Step {
  if (addresses.length === 0) return { what: "resolve", outcome: "failed", detail: `${host} does not resolve.` };
  const isAddress = addresses.length === 1 && addresses[0] === host;
  const detail = isAddress ? `${host} is an address.` : `${host} resolves to ${addresses.join(", ")}.`;
  return { what: "resolve", outcome: isAddress ? "skipped" : "ok", detail };
}

function pingStep({ answersPing, addresses }: ReachFindings): Step {
  const address = addresses[0] ?? "";
  const detail = answersPing ? `${address} answers ping.` : `${address} does not answer ping.`;
  return { what: "ping", outcome: answersPing ? "ok" : "failed", detail };
}

function connectStep({ connects, port }: ReachFindings): Step | undefined {
  switch (connects) {
    case undefined:
      return undefined;
    case "ok":
      return { what: "connect", outcome: "ok", detail: `TCP port ${port} accepts connections.` };
    case "refused":
      return { what: "connect", outcome: "failed", detail: `TCP port ${port} refuses connections.` };
    case "timeout":
      return { what: "connect", outcome: "failed", detail: `TCP port ${port} did not answer in time.` };
    case "unreachable":
      return { what: "connect", outcome: "failed", detail: "The address cannot be reached from this network." };
  }
}

function listenStep({ listening, target, port }: ReachFindings): Step | undefined {
  if (!listening || !target) return undefined;
  const own = listening.find((socket) => socket.port === port);
  if (own?.loopbackOnly)
    return {
      what: "listen",
      outcome: "failed",
      detail: `${target.name} listens on ${port} for itself alone (127.0.0.1).`,
    };
  if (own) return { what: "listen", outcome: "ok", detail: `${target.name} listens on ${port}.` };
  const ports = listening.map((socket) => socket.port).toSorted((a, b) => a - b);
  const instead = ports.length > 0 ? `; it listens on ${ports.join(", ")}` : "";
  return { what: "listen", outcome: "failed", detail: `Nothing in ${target.name} listens on ${port}${instead}.` };
}

function notConnected(findings: ReachFindings, to: string): string {
  const { from, target, listening, port, sharedNetworks } = findings;
  const listen = listenStep(findings);
  if (listen?.outcome === "failed") {
    const own = listening?.find((socket) => socket.port === port);
    const advice = own ? `Let it listen on 0.0.0.0.` : "Check the port, or start the server in it.";
    return `${from.name} cannot connect to ${to}: ${listen.detail.replace(/\.$/, "").replace(/^Nothing/, "nothing")}. ${advice}`;
  }
  if (findings.connects === "refused") return `${from.name} cannot connect to ${to}: nothing listens there.`;
  const isInternal = target === undefined ? "The network may be internal, or a firewall is in the way." : "";
  const apart = target && sharedNetworks.length === 0 ? `${hint(findings)}.` : isInternal;
  return `${from.name} cannot connect to ${to}: there is no answer. ${apart}`.trim();
}

/** The findings in words. */
export function describeReach(findings: ReachFindings): Reachability {
  const { from, target, host, port, addresses, answersPing, connects } = findings;
  const halted = stopped(findings);
  if (halted) return halted;
  const name = target?.name ?? host;
  const called = target && target.name !== host ? `${target.name} as ${host}` : name;
  if (addresses.length === 0) {
    const answer = `${from.name} cannot resolve ${host}. ${hint(findings)}.`;
    return { reachable: false, answer, steps: [resolveStep(findings)] };
  }
  const optional = [connectStep(findings), listenStep(findings)].filter((step) => step !== undefined);
  const steps = [resolveStep(findings), pingStep(findings), ...optional];
  const to = port === undefined ? called : `${called} on port ${port}`;
  if (port === undefined) {
    const apart = target && findings.sharedNetworks.length === 0 ? ` ${hint(findings)}.` : "";
    const answer = answersPing ? `${from.name} reaches ${to}.` : `${from.name} gets no answer from ${to}.${apart}`;
    return { reachable: answersPing === true, answer, steps };
  }
  if (connects === "ok") return { reachable: true, answer: `${from.name} can connect to ${to}.`, steps };
  return { reachable: false, answer: notConnected(findings, to), steps };
}
