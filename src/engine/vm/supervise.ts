import type { LiveMachine, MachineContext } from "./context.ts";
import { sleep } from "./deadline.ts";
import type { GuestCondition } from "./driver.ts";
import { portMirror } from "./network/port-mirror.ts";
import { spaceReturner } from "./space-returner.ts";

/** What the supervisor tells of a running guest. */
export interface SupervisorEvents {
  readonly onEnded: (how: string) => void;
  /** The guest has not answered for a while. */
  readonly onUnresponsive: (condition: GuestCondition) => void;
  /** It answers again. */
  readonly onRecovered: () => void;
  /** Number of running containers, after each change. */
  readonly onRunning: (count: number) => void;
  /** Every few seconds; for the idle saver. */
  readonly onTick: () => void;
}

export interface Supervisor {
  /** Mirrors the ports once; used before a start counts as done. */
  mirrorPorts(): Promise<void>;
  stop(): void;
}

const tickMs = 5_000;
const pingDeadlineMs = 4_000;
/** A busy host makes an emulated guest miss a beat now and then; three in a row are no accident. */
const missesUntilUnresponsive = 3;
const clockDriftMs = 2_000;

/** Watches over a guest that runs: its end, its answers, its ports, its clock and its freed space. */
export function supervise(context: MachineContext, live: LiveMachine, events: SupervisorEvents): Supervisor {
  const over = new AbortController();
  const { signal } = over;
  void live.guest.ended.then((how) => {
    if (!signal.aborted) events.onEnded(how);
  });
  const mirror = portMirror({
    docker: live.docker,
    forwarding: live.guest.abilities.portForwarding,
    onForwards: (forwards) => context.store.dispatch({ type: "forwards", forwards }),
    onRunning: events.onRunning,
  });
  void mirror.watch(signal);
  void spaceReturner(live, context.log, signal);
  void watchHealth(live, events, signal);
  return { mirrorPorts: mirror.mirrorOnce, stop: () => over.abort() };
}

async function watchHealth(live: LiveMachine, events: SupervisorEvents, signal: AbortSignal): Promise<void> {
  let misses = 0;
  let drift = clockDrift();
  while (!signal.aborted) {
    await sleep(tickMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    events.onTick();
    const answered = await live.docker.ping(pingDeadlineMs);
    if (signal.aborted) return;
    if (answered && misses >= missesUntilUnresponsive) events.onRecovered();
    misses = answered ? 0 : misses + 1;
    const condition = answered ? "running" : await live.guest.condition().catch(() => undefined);
    if (condition === "no-space") misses = missesUntilUnresponsive;
    if (misses === missesUntilUnresponsive && condition !== undefined) events.onUnresponsive(condition);
    if (answered && Math.abs(clockDrift() - drift) > clockDriftMs) {
      drift = clockDrift();
      await live.commands.setClock().catch(() => undefined);
    }
  }
}

/** Wall clock less steady clock: it changes when the computer has slept or its clock was set. */
function clockDrift(): number {
  return Date.now() - performance.now();
}
