import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import type { Address } from "./address.ts";
import type { EngineHttp } from "./http.ts";

/** Docker Engine 20.10, the oldest that Longshore is tested with. */
const oldestApi = "1.41";
/** The newest API version whose answers Longshore was written for; newer engines speak it too. */
const newestApi = "1.47";

/** What the first exchange with an engine tells. */
export interface EngineFacts {
  readonly version: string;
  /** Negotiated: what both sides speak. */
  readonly api: string;
  /** `os/arch`. */
  readonly platform: string;
}

const versionAnswer = z.object({
  Version: z.string(),
  MinAPIVersion: z.string().optional(),
  Os: z.string().default("linux"),
  Arch: z.string().default(""),
});

/** Time for one small answer; ssh has to log in first. */
export function answerDeadlineMs({ kind }: Address): number {
  return kind === "socket" ? 2_000 : kind === "tcp" ? 5_000 : 20_000;
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

const about = { verb: "connect to", kind: "engine" } as const;

interface AnswerOptions {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** `GET /_ping`; gives the engine's newest API version. Errors: unavailable, permission, timeout. */
export async function ping(http: EngineHttp, options: AnswerOptions): Promise<string> {
  const response = await http.open({ about, path: "/_ping", ...options });
  response.resume();
  const api = response.headers["api-version"];
  if (typeof api === "string" && /^\d+\.\d+$/.test(api)) return api;
  throw new AppError("unavailable", `What answers at ${http.where} is no Docker Engine: it names no API version.`);
}

/** Agrees on an API version with an engine. Errors: unavailable, permission, timeout. */
export async function agreeOnApi(http: EngineHttp, options: AnswerOptions): Promise<string> {
  const engineApi = await ping(http, options);
  if (isOlder(engineApi, oldestApi)) {
    const message = `The engine at ${http.where} speaks API ${engineApi}; Longshore needs ${oldestApi} or newer, which is Docker Engine 20.10. Update that engine.`;
    throw new AppError("unavailable", message);
  }
  return isOlder(engineApi, newestApi) ? engineApi : newestApi;
}

/** Asks who is there. Errors: unavailable, also where the engine no longer speaks `api`; permission, timeout. */
export async function readFacts(http: EngineHttp, api: string, options: AnswerOptions): Promise<EngineFacts> {
  const answer = await http.json({ about, path: "/version", ...options }, versionAnswer);
  if (answer.MinAPIVersion && isOlder(newestApi, answer.MinAPIVersion)) {
    const message = `The engine at ${http.where} speaks API ${answer.MinAPIVersion} and newer; this Longshore knows ${newestApi} at most. Update Longshore.`;
    throw new AppError("unavailable", message);
  }
  return { version: answer.Version, api, platform: `${answer.Os}/${answer.Arch}` };
}
