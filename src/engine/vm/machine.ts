import { AppError, toAppError } from "#contract/errors.ts";
import type { MachineRuntime, MachineState } from "#contract/machine.ts";
import { type BootOptions, bootMachine, liveMachine } from "./boot.ts";
import { bootPlan, resumePlan } from "./boot-steps.ts";
import type { LiveMachine, MachineContext } from "./context.ts";
import { cancelled, steadyNow, withDeadline } from "./deadline.ts";
import { differenceSinceStop } from "./disk/inventory.ts";
import { explainFailure, type Failure } from "./failures.ts";
import { loadHelperImage } from "./helper-image.ts";
import { signalProcess, untilGone } from "./process/identity.ts";
import { lastLines } from "./process/launch.ts";
import { listRunLogs } from "./run-logs.ts";
import { stopMachine } from "./stop.ts";
import { type Supervisor, supervise } from "./supervise.ts";
import { resumeMachine, suspendMachine } from "./suspend.ts";

const crashWindowMs = 600_000;
/** Longer than it ever takes; a client that has started a container waits no longer for its ports. */
const portsDeadlineMs = 3_000;
const restartsInWindow = 3;

/**
 * The machine's life: start, stop, suspend, resume, and what happens when the guest ends or hangs. Operations
 * are queued and never overlap; a stop ends a start that is under way. Each ends in a named state.
 */
export class MachineLife {
  readonly #context: MachineContext;
  #live: LiveMachine | undefined;
  #supervisor: Supervisor | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #starting: AbortController | undefined;
  #crashes: number[] = [];
  /** Set by the composition: called on each tick of a running machine and for each count of containers. */
  onTick: () => void = () => undefined;
  onRunning: (count: number) => void = () => undefined;

  constructor(context: MachineContext) {
    this.#context = context;
  }

  get live(): LiveMachine | undefined {
    return this.#live;
  }

  get state(): MachineState {
    return this.#context.store.state;
  }

  /** Starts, or resumes where it is suspended. Nothing happens to one that runs. */
  start(note?: string): Promise<void> {
    return this.inTurn(() => this.#bringUp(note));
  }

  /** Stops cleanly; a suspended machine is resumed for it first, so that nothing is lost. */
  stop(): Promise<void> {
    this.#starting?.abort();
    return this.inTurn(async () => {
      await this.wake();
      await this.bringDown();
    });
  }

  suspend(): Promise<void> {
    return this.inTurn(() => this.#suspend());
  }

  /** Resolves when what containers publish now can be reached, or after a moment in any case. */
  async portsOpen(): Promise<void> {
    const mirrored = this.#supervisor?.mirrorPorts() ?? Promise.resolve();
    await withDeadline(mirrored, portsDeadlineMs, "the ports").catch(() => undefined);
  }

  /** Runs one operation after those before it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** Ends whatever runs, as hard as needed, and forgets it; the disk stays. Within an operation only. */
  async killLeftovers(): Promise<void> {
    this.#supervisor?.stop();
    const live = this.#live;
    this.#live = undefined;
    const left = this.#context.record.current.run?.guest.process;
    await live?.guest.kill().catch(() => undefined);
    if (left && (await signalProcess(left, "SIGKILL"))) await untilGone(left);
    await this.#context.record.update({ run: undefined });
  }

  /** Boots within an operation, with the state told; throws after having broken the state. */
  async boot(options: BootOptions = {}, note?: string): Promise<LiveMachine> {
    const { store } = this.#context;
    const steps = bootPlan;
    store.dispatch({ type: "start", at: steadyNow(), steps, ...(note === undefined ? {} : { note }) });
    const abort = new AbortController();
    this.#starting = abort;
    try {
      const live = await this.#bootWithFallback(options, abort.signal);
      await this.#settle(live, note === undefined ? [] : [note]);
      return live;
    } catch (error) {
      await this.#fail(error, abort.signal);
      throw error;
    } finally {
      this.#starting = undefined;
    }
  }

  /** Stops within an operation. Idempotent. */
  async bringDown(): Promise<void> {
    const { store } = this.#context;
    const live = this.#live;
    this.#supervisor?.stop();
    this.#supervisor = undefined;
    if (!live) {
      if (this.state.status !== "broken") return;
      await this.killLeftovers();
      store.dispatch({ type: "stopped" });
      return;
    }
    store.dispatch({ type: "stop", at: steadyNow() });
    const note = await stopMachine(this.#context, live);
    this.#live = undefined;
    store.dispatch({ type: "stopped", ...(note === undefined ? {} : { note }) });
  }

  /** Resumes within an operation. */
  async wake(): Promise<void> {
    if (this.state.status === "suspended") await this.#resume();
  }

  /** Takes over a guest that outlived the app. */
  async takeOver(live: LiveMachine): Promise<void> {
    await this.#settle(live, []);
  }

  /** Leaves the guest running and stops watching it. */
  letGo(): void {
    this.#supervisor?.stop();
    this.#live?.docker.close();
    this.#live?.guest.release();
  }

  async #bringUp(note?: string): Promise<void> {
    const { status } = this.state;
    if (status === "running") return;
    if (status === "broken") await this.killLeftovers();
    if (status === "suspended") await this.#resume();
    else await this.boot({}, note);
  }

  async #resume(): Promise<void> {
    const { store, log } = this.#context;
    store.dispatch({ type: "resume", at: steadyNow(), steps: resumePlan });
    const abort = new AbortController();
    this.#starting = abort;
    try {
      const live = await resumeMachine(this.#context, abort.signal);
      await this.#settle(live, []);
    } catch (error) {
      await this.#context.record.update({ suspended: undefined });
      if (abort.signal.aborted) {
        store.dispatch({ type: "stopped", note: "The resume was cancelled; the next start is a cold one." });
        throw cancelled();
      }
      const why = `${toAppError(error).message} It was started cold: containers were restarted by their own rules.`;
      log.warn("the machine could not be resumed", { error: String(error) });
      this.#starting = undefined;
      await this.boot({}, why);
    } finally {
      this.#starting = undefined;
    }
  }

  async #suspend(): Promise<void> {
    const { store } = this.#context;
    const live = this.#live;
    if (this.state.status === "suspended") return;
    if (!live || this.state.status !== "running")
      throw new AppError("conflict", "Only a running machine can be suspended.");
    this.#supervisor?.stop();
    store.dispatch({ type: "suspend", at: steadyNow() });
    try {
      const sizeBytes = await suspendMachine(this.#context, live, new AbortController().signal);
      this.#live = undefined;
      live.docker.close();
      store.dispatch({ type: "suspended", at: Date.now(), sizeBytes });
    } catch (error) {
      const condition = await live.guest.condition().catch(() => undefined);
      if (condition === undefined) await this.#fail(error, new AbortController().signal);
      else await this.#settle(live, [`Suspending failed: ${toAppError(error).message}`]);
      throw error;
    }
  }

  /**
   * A hypervisor that dies of its hardware acceleration is tried once more without; a guest that hangs before
   * it has touched the disk (an emulated timer was seen to get lost) is tried once more as it is.
   */
  async #bootWithFallback(options: BootOptions, signal: AbortSignal): Promise<LiveMachine> {
    try {
      return await bootMachine(this.#context, options, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const note = await this.#reasonToRetry(toAppError(error), signal);
      if (note === undefined) throw error;
      this.#context.store.dispatch({ type: "start", at: steadyNow(), steps: bootPlan, note });
      return bootMachine(this.#context, options, signal);
    }
  }

  async #reasonToRetry(error: AppError, signal: AbortSignal): Promise<string | undefined> {
    const { state } = this;
    const step = state.status === "starting" ? state.step : undefined;
    if (step !== "hypervisor" && step !== "kernel" && step !== "modules") return undefined;
    const { driver } = await this.#context.driver(signal);
    if (step !== "modules" && (await driver.distrustAcceleration?.(error.message))) {
      return "Hardware acceleration failed; the machine was started with software emulation.";
    }
    return error.code === "timeout" && step !== "hypervisor"
      ? `The guest hung at the step "${step}" and was started once more.`
      : undefined;
  }

  async #settle(live: LiveMachine, notices: readonly string[]): Promise<void> {
    const { store } = this.#context;
    const { status } = this.state;
    this.#live = live;
    this.#supervisor?.stop();
    this.#supervisor = supervise(this.#context, live, {
      onEnded: (how) => this.#onEnded(live, how),
      onUnresponsive: (condition) => this.#onUnresponsive(condition),
      onRecovered: () => this.#announce(live.runtime, ["The machine had not answered for a while."]),
      onRunning: (count) => this.onRunning(count),
      onTick: () => this.onTick(),
    });
    const starting = status === "starting" || status === "resuming";
    if (starting) store.dispatch({ type: "step", at: steadyNow(), name: "forwards", phase: "begin" });
    await this.#supervisor.mirrorPorts().catch(() => undefined);
    const more = status === "starting" ? await this.#afterBoot(live) : [];
    this.#announce(live.runtime, [...notices, ...more]);
    // Forwards that were mirrored before there was a running state to show them in.
    void this.#supervisor.mirrorPorts().catch(() => undefined);
  }

  /** What is done once the API answers after a cold start: compare after an upgrade, load the helper image. */
  async #afterBoot(live: LiveMachine): Promise<string[]> {
    const { record, log } = this.#context;
    const { imageId, previousImageId } = record.current;
    void loadHelperImage(this.#context, live).catch((error: unknown) => {
      log.warn("the helper image could not be loaded", { error: String(error) });
    });
    if (live.diskId !== record.current.diskId) return [];
    const difference = await differenceSinceStop(live.commands).catch(() => "");
    if (difference === "") return [];
    const upgraded = previousImageId !== undefined && imageId !== previousImageId;
    const hint = upgraded ? " The older image can be chosen again in the settings." : "";
    return [`Since the last stop the disk's contents differ: ${difference}.${hint}`];
  }

  #announce(runtime: MachineRuntime, notices: readonly string[]): void {
    this.#context.store.dispatch({ type: "started", at: steadyNow(), runtime, notices });
  }

  #onEnded(live: LiveMachine, how: string): void {
    if (this.#live !== live) return;
    this.#live = undefined;
    this.#supervisor?.stop();
    live.docker.close();
    if (how === "status 0") {
      this.#context.store.dispatch({ type: "stopped", note: "The guest shut itself down." });
      return;
    }
    this.#context.log.warn("the virtual machine ended unexpectedly", { how });
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashWindowMs), now];
    const why = `The virtual machine ended unexpectedly (${how}).`;
    this.#break({ why, repair: "start-again", repairs: ["start-again", "check-disk", "collect-diagnostics"] });
    if (this.#crashes.length > restartsInWindow) return;
    const note = `${why} It was started again, and its disk was recovered from its journal.`;
    void this.start(note).catch(() => undefined);
  }

  #onUnresponsive(condition: string): void {
    if (condition === "no-space") {
      const why =
        "This computer's disk is full, so the machine was paused before anything was lost. Free some space, then let it go on.";
      this.#break({
        why,
        repair: "continue-after-space",
        repairs: ["continue-after-space", "start-again", "collect-diagnostics"],
      });
      return;
    }
    const what = condition === "running" ? "Its guest hangs or is overloaded" : "Its hypervisor is stopped or hangs";
    const why = `The machine does not answer. ${what}. It goes on by itself if it answers again; else start it again.`;
    this.#break({
      why,
      repair: "start-again",
      repairs: ["start-again", "rebuild-network", "check-disk", "collect-diagnostics"],
    });
  }

  #break(failure: Failure): void {
    this.#context.store.dispatch({ type: "break", at: steadyNow(), ...failure });
  }

  async #fail(error: unknown, signal: AbortSignal): Promise<void> {
    const { store, paths } = this.#context;
    this.#supervisor?.stop();
    this.#live = undefined;
    if (signal.aborted) {
      store.dispatch({ type: "stopped", note: "The start was cancelled." });
      return;
    }
    const { state } = this;
    const folder = (await listRunLogs(paths.logs)).at(-1);
    const step = "step" in state ? state.step : undefined;
    const reached = step !== "image" && step !== "disk" && folder !== undefined;
    const hypervisorLog = reached ? await lastLines(`${folder}/hypervisor.log`) : "";
    const consoleLog = reached ? await lastLines(`${folder}/console.log`) : "";
    this.#break(explainFailure({ error, step, hypervisorLog, consoleLog }));
  }
}

/** Tries to take over what the record says still runs. Throws where it runs but hangs. */
export async function adoptMachine(context: MachineContext): Promise<LiveMachine | undefined> {
  const { run, diskId } = context.record.current;
  if (!run) return undefined;
  const { driver, reason } = await context.driver(new AbortController().signal);
  if (driver.name !== run.guest.driver) return undefined;
  const { clientKey, hostKey } = await context.keys();
  const guest = await driver.adopt(run.guest, { ssh: { clientKey, hostKey }, consoleLog: run.consoleLog });
  if (!guest) return undefined;
  const live = liveMachine(guest, { imageId: run.imageId, reason, diskId: run.diskId, adopted: true });
  // A maintenance run on a copy, or a start that was not through, is not continued.
  if (run.diskId === diskId && (await live.docker.ping(15_000))) return live;
  await guest.kill();
  return undefined;
}
