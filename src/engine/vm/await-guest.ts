import { AppError } from "#contract/errors.ts";
import { parseStepLine } from "./boot-steps.ts";
import { tailLines } from "./console-tail.ts";
import type { MachineContext } from "./context.ts";
import { sleep, steadyNow } from "./deadline.ts";
import type { Guest } from "./driver.ts";
import { overdueStep } from "./machine-state.ts";
import type { DockerHttp } from "./socket/docker-http.ts";

interface Waited {
  readonly guest: Guest;
  readonly docker: DockerHttp;
  readonly consoleLog: string;
}

const pingEveryMs = 150;

/**
 * Waits until the guest's Docker answers. The console tells of the steps on the way; a failed step, a step
 * that takes too long and the end of the hypervisor end the wait with an error.
 */
export async function awaitGuest(context: MachineContext, waited: Waited, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stop = AbortSignal.any([over.signal, signal]);
  const sshReady = Promise.withResolvers<void>();
  const follow = followConsole(context, waited.consoleLog, { stop, onSsh: () => sshReady.resolve() });
  const ended = waited.guest.ended.then((how) => {
    throw new AppError("unavailable", `The virtual machine ended during its start (${how})`);
  });
  ended.catch(() => undefined);
  follow.catch(() => undefined);
  try {
    await Promise.race([
      sshReady.promise.then(() => untilPing(context, waited.docker, stop)),
      follow,
      ended,
      failed(waited.guest, stop),
      late(context, stop),
    ]);
  } finally {
    over.abort();
  }
}

async function followConsole(
  { store, log }: MachineContext,
  path: string,
  { stop, onSsh }: { stop: AbortSignal; onSsh: () => void },
): Promise<never> {
  for await (const line of tailLines(path, stop)) {
    const step = parseStepLine(line, steadyNow());
    if (!step) continue;
    log.info(`guest step ${step.name} ${step.phase}`, step.detail === undefined ? undefined : { detail: step.detail });
    store.dispatch(step);
    if (step.phase === "failed") throw new AppError("internal", `The guest says: ${step.detail ?? "no reason"}`);
    if (step.name === "ssh" && step.phase === "done") onSsh();
  }
  throw new AppError("cancelled", "The start was cancelled.");
}

async function untilPing({ store }: MachineContext, docker: DockerHttp, stop: AbortSignal): Promise<void> {
  store.dispatch({ type: "step", at: steadyNow(), name: "api", phase: "begin" });
  while (!(await docker.ping(10_000))) await sleep(pingEveryMs, stop);
  store.dispatch({ type: "step", at: steadyNow(), name: "api", phase: "done" });
}

/** Fails when the hypervisor itself has given the guest up, instead of waiting until a step is late. */
async function failed(guest: Guest, stop: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(500, stop);
    const condition = await guest.condition().catch(() => undefined);
    if (condition === "failed") throw new AppError("unavailable", "The hypervisor gave the guest up");
  }
}

/** Fails when the step that is waited for has had its time. */
async function late({ store }: MachineContext, stop: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(500, stop);
    const { state } = store;
    if (state.status !== "starting") continue;
    const step = overdueStep(state.steps, steadyNow() - state.startedAt);
    if (step) throw new AppError("timeout", `It took longer than ${step.deadlineMs / 1000} s`);
  }
}
