import { request } from "node:http";
import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import type { GuestCondition } from "../driver.ts";

const stateAnswer = z.object({ state: z.string() });
const timeoutMs = 2_000;

/** vfkit's REST interface on its unix socket: `GET /vm/state`, `POST /vm/state {"state": …}`. */
export function vfkitControl(socketPath: string) {
  const send = (method: "GET" | "POST", body?: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      const sent = request({ socketPath, method, path: "/vm/state", signal: timeout }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if ((answer.statusCode ?? 500) < 300) resolve(text);
          else reject(new AppError("internal", `vfkit: ${text}`));
        });
      });
      sent.once("error", (cause) => reject(new AppError("unavailable", "vfkit does not answer.", { cause })));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    condition: async (): Promise<GuestCondition> => conditionOf(stateAnswer.parse(JSON.parse(await send("GET"))).state),
    /** The power button. */
    stop: () => send("POST", { state: "Stop" }),
    hardStop: () => send("POST", { state: "HardStop" }),
  };
}

/** Condition for the names of VZVirtualMachineState, with or without their prefix. */
export function conditionOf(state: string): GuestCondition {
  return /running|starting|resuming/i.test(state) ? "running" : "paused";
}
