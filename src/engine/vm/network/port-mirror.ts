import type { PortForward } from "#contract/machine.ts";
import { sleep } from "../deadline.ts";
import type { ForwardRule, PortForwarding } from "../driver.ts";
import type { DockerHttp } from "../socket/docker-http.ts";
import { findPortHolder } from "./port-holder.ts";
import { containerList, type WantedForward, wantedForwards } from "./published-ports.ts";

interface MirrorOptions {
  readonly docker: DockerHttp;
  /** Absent where the system itself carries the ports, as WSL does. */
  readonly forwarding: PortForwarding | undefined;
  readonly onForwards: (forwards: readonly PortForward[]) => void;
  readonly onRunning: (count: number) => void;
}

/** Events of a container after which its ports may be others. */
const filters = encodeURIComponent(
  JSON.stringify({ type: ["container"], event: ["start", "die", "destroy", "pause", "unpause", "restart", "rename"] }),
);

/** A burst of events is answered by one look at the list. */
const settleMs = 15;
const refusedRetryMs = 5_000;

/** Keeps the host's forwards the same as what the containers publish, until the signal fires. */
export function portMirror(options: MirrorOptions) {
  let refused: readonly PortForward[] = [];
  const look = async (): Promise<void> => {
    const containers = containerList.parse(await options.docker.getJson("/containers/json"));
    options.onRunning(containers.length);
    const forwards = await reconcile(wantedForwards(containers), options.forwarding);
    refused = forwards.filter((forward) => forward.status === "refused");
    options.onForwards(forwards);
  };
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  // One look at a time, since two would both add what is missing; those who ask during one share the next.
  const mirrorOnce = (): Promise<void> => {
    if (waiting) return waiting;
    last = last
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return look();
      });
    waiting = last;
    return last;
  };
  return {
    mirrorOnce,
    /** Loops for ever: after a broken stream it looks at everything again. */
    watch: async (signal: AbortSignal): Promise<void> => {
      const retry = setInterval(() => {
        if (refused.length > 0) void mirrorOnce().catch(() => undefined);
      }, refusedRetryMs);
      try {
        while (!signal.aborted) {
          await followEvents(options.docker, mirrorOnce, signal).catch(() => undefined);
          await sleep(1_000, signal).catch(() => undefined);
        }
      } finally {
        clearInterval(retry);
      }
    },
  };
}

async function followEvents(docker: DockerHttp, mirrorOnce: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let planned: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  const plan = () => {
    planned ??= setTimeout(() => {
      planned = undefined;
      work = work.then(mirrorOnce).catch(() => undefined);
    }, settleMs);
  };
  plan();
  try {
    for await (const _line of docker.lines(`/events?filters=${filters}`, signal)) plan();
  } finally {
    clearTimeout(planned);
    await work;
  }
}

/** Removes what nobody wants, adds what is missing, and tells what became of each. */
async function reconcile(
  wanted: readonly WantedForward[],
  forwarding: PortForwarding | undefined,
): Promise<PortForward[]> {
  if (!forwarding) return wanted.map((forward) => describe(forward, forward.why));
  const present = await forwarding.listForwards();
  for (const rule of present) {
    if (!wanted.some((forward) => isSame(forward.rule, rule))) await forwarding.removeForward(rule);
  }
  const forwards: PortForward[] = [];
  for (const forward of wanted) {
    const there = present.some((rule) => isSame(forward.rule, rule));
    const why = forward.why ?? (there ? undefined : await add(forward.rule, forwarding));
    forwards.push(describe(forward, why));
  }
  return forwards;
}

function isSame(one: ForwardRule, other: ForwardRule): boolean {
  return (
    one.protocol === other.protocol &&
    one.hostAddress === other.hostAddress &&
    one.hostPort === other.hostPort &&
    one.guestPort === other.guestPort &&
    one.loopback === other.loopback
  );
}

/** Why the host refused the port; undefined where it is open. */
async function add(rule: ForwardRule, forwarding: PortForwarding): Promise<string | undefined> {
  try {
    await forwarding.addForward(rule);
    return undefined;
  } catch {
    const holder = await findPortHolder(rule.protocol, rule.hostPort);
    const port = `Port ${rule.hostPort}/${rule.protocol}`;
    if (holder !== undefined) return `${port} of this computer is held by ${holder}. End it or publish another port.`;
    if (rule.hostPort < 1024 && process.getuid?.() !== 0) {
      return `${port} needs a permission that Longshore does not have: publish a port from 1024 on.`;
    }
    return `${port} of this computer is taken. Publish another one.`;
  }
}

function describe({ rule, container }: WantedForward, why: string | undefined): PortForward {
  const { protocol, hostAddress, hostPort, guestPort } = rule;
  const place = { protocol, hostAddress, hostPort, guestPort, container };
  return why === undefined ? { ...place, status: "open" } : { ...place, status: "refused", why };
}
