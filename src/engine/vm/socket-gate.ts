import type { Duplex } from "node:stream";
import { AppError } from "#contract/errors.ts";
import type { MachineState } from "#contract/machine.ts";
import type { MachineLife } from "./machine.ts";
import type { StateStore } from "./state-store.ts";

interface Gate {
  readonly store: StateStore;
  readonly life: MachineLife;
  /** Whether a connection wakes a suspended machine. */
  readonly wakes: boolean;
}

/** A cold start that follows a resume that failed has to fit in. */
const wakeTimeoutMs = 120_000;

/** A way into the guest for one connection; waits while the machine is on its way up, and may wake it. */
export async function passGate({ store, life, wakes }: Gate, signal: AbortSignal): Promise<Duplex> {
  if (store.state.status === "suspended" && wakes) void life.start().catch(() => undefined);
  const state = await settled({ store, wakes }, signal);
  if (state.status === "suspended" && wakes) return passGate({ store, life, wakes }, signal);
  if (state.status !== "running" || !life.live) throw new AppError("unavailable", whyClosed(state));
  return life.live.guest.link.dialDocker(signal);
}

/** The next state in which a connection can be carried or refused. */
function settled({ store, wakes }: Pick<Gate, "store" | "wakes">, signal: AbortSignal): Promise<MachineState> {
  const isSettled = ({ status }: MachineState) => {
    if (status === "suspended") return true;
    const moving = status === "starting" || status === "resuming" || status === "suspending" || status === "stopping";
    return !(moving && wakes);
  };
  return new Promise((resolve, reject) => {
    const woken = wakes && store.state.status === "suspended";
    if (!woken && isSettled(store.state)) return resolve(store.state);
    const timer = setTimeout(
      () =>
        finish(() => reject(new AppError("timeout", "The machine did not wake in time. Open Longshore to see why."))),
      wakeTimeoutMs,
    );
    const leave = () => finish(() => reject(new AppError("cancelled", "The client has left.")));
    const end = store.subscribe((state) => {
      if (isSettled(state)) finish(() => resolve(state));
    });
    signal.addEventListener("abort", leave, { once: true });
    function finish(settle: () => void) {
      clearTimeout(timer);
      end();
      signal.removeEventListener("abort", leave);
      settle();
    }
  });
}

function whyClosed(state: MachineState): string {
  if (state.status === "broken") return `Longshore's machine is broken: ${state.why}`;
  if (state.status === "suspended") return "Longshore's machine is suspended.";
  return `Longshore's machine is ${state.status}. Start it in Longshore.`;
}
