import type { Endpoint } from "#contract";
import { AppError, toAppError } from "#contract/errors.ts";
import { type Choice, findEndpoints, type ReachableEndpoint, type Surroundings } from "./endpoint.ts";
import { failedState, nothingFound } from "./failure.ts";
import { agreeOnApi, answerDeadlineMs, type EngineFacts, readFacts } from "./handshake.ts";
import { EngineHttp } from "./http.ts";
import { EngineAgent } from "./transport.ts";

const probeDeadlineMs = 5_000;

export type ProbeResult = ({ ok: true; endpoint: Endpoint } & EngineFacts) | { ok: false; why: string };

async function shakeHands({ endpoint, address }: ReachableEndpoint, signal: AbortSignal): Promise<EngineFacts> {
  const http = new EngineHttp(new EngineAgent(address, { keepAlive: true }), { where: endpoint.host });
  try {
    const options = { deadlineMs: answerDeadlineMs(address), signal };
    return await readFacts(http, await agreeOnApi(http, options), options);
  } finally {
    http.close();
  }
}

/** Connects to a choice and lets go again, within 5 s; `auto` and `host` take the first that answers. */
export async function probeEngine(choice: Choice, around: Surroundings, signal: AbortSignal): Promise<ProbeResult> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(probeDeadlineMs)]);
  let why: string | undefined;
  try {
    for (const target of findEndpoints(choice, around)) {
      const { endpoint } = target;
      try {
        return { ok: true, endpoint, ...(await shakeHands(target, both)) };
      } catch (error) {
        const failure = toAppError(error);
        if (both.aborted) return { ok: false, why: `The engine at ${endpoint.host} did not answer within 5 s.` };
        const state = failedState(failure, target, around.platform);
        why ??= state.status === "no_permission" ? `${failure.message} Run: ${state.command}` : state.why;
      }
    }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, why: error.message };
    throw error;
  }
  return { ok: false, why: why ?? nothingFound(choice.value, around).why };
}
