import { get } from "node:http";
import { connect } from "node:net";
import { Bell } from "../bell.ts";

const giveUpAfterMs = 30_000;
const tryEveryMs = 300;
const answerDeadlineMs = 2_000;

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: answerDeadlineMs });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => finish(true));
    socket.once("timeout", () => finish(false));
    socket.once("error", () => finish(false));
  });
}

/** The engine's proxy accepts before the container does, so only an answer by the protocol proves anything. */
function speaksHttp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ port, host: "127.0.0.1", path: "/", agent: false, timeout: answerDeadlineMs }, (response) => {
      response.destroy();
      resolve(true);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

/** One item once the port of this machine answers HTTP, or at the end where it takes connections but speaks another language. */
export async function* whenAnswers(port: number, signal: AbortSignal): AsyncGenerator<{ url: string; http: boolean }> {
  const url = `http://localhost:${port}/`;
  const until = performance.now() + giveUpAfterMs;
  let connected = false;
  while (!signal.aborted && performance.now() < until) {
    if (await speaksHttp(port)) {
      yield { url, http: true };
      return;
    }
    connected = await connects(port);
    await new Bell().wait(signal, tryEveryMs);
  }
  if (connected && !signal.aborted) yield { url, http: false };
}
