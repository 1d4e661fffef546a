import { noDeadlineMs } from "../docker/http.ts";
import { readMessages } from "../docker/message-stream.ts";
import type { BuildOutcome, BuildRun } from "./build-run.ts";
import { packContext } from "./context.ts";

const stepLine = /^Step (\d+)\/\d+ : (.*)$/s;

/** Reads the classic builder's text: `Step 2/5 : RUN make`, ` ---> Using cache`, and what the step writes. */
class ClassicOutput {
  readonly #run: BuildRun;
  #step = "";

  constructor(run: BuildRun) {
    this.#run = run;
  }

  take(text: string): void {
    const [, number, instruction] = stepLine.exec(text.trimEnd()) ?? [];
    if (number !== undefined) this.#begin(number, instruction ?? "");
    else if (this.#step === "") this.#run.log.write("", text);
    else if (text.startsWith(" ---> Using cache")) this.#run.showStep(this.#step, { state: "cached" });
    else if (!text.startsWith(" --->")) this.#run.log.write(this.#step, text);
  }

  end(state: "done" | "failed"): void {
    if (this.#step !== "") this.#finish(state);
  }

  #begin(number: string, instruction: string): void {
    const needs = this.#step === "" ? [] : [this.#step];
    this.end("done");
    this.#step = number;
    this.#run.stepNumber = Number(number);
    this.#run.showStep(number, { name: `[${number}] ${instruction}`, state: "running", startedAt: Date.now(), needs });
  }

  #finish(state: "done" | "failed"): void {
    const known = this.#run.log.whole().steps.find(({ id }) => id === this.#step);
    const cached = known?.state === "cached" && state === "done";
    this.#run.showStep(this.#step, { state: cached ? "cached" : state, endedAt: Date.now() });
  }
}

/** Builds with the engine's older builder (`POST /build`). An abort ends it at the engine. */
export async function buildClassically(run: BuildRun): Promise<BuildOutcome> {
  let sentBytes = 0;
  const stream = packContext(run.context, (bytes) => {
    sentBytes += bytes;
    run.task.report({ activity: "Sending the folder", doneBytes: sentBytes, totalBytes: run.context.sizeBytes });
  });
  const output = new ClassicOutput(run);
  try {
    const response = await run.session.http.open({
      about: run.about,
      method: "POST",
      path: "/build",
      query: { ...run.query, version: 1, rm: true, forcerm: true },
      headers: run.headers,
      upload: { stream, contentType: "application/x-tar" },
      deadlineMs: noDeadlineMs,
      signal: run.task.signal,
    });
    let built = "";
    for await (const { stream: text, aux } of readMessages(response)) {
      if (text !== undefined) output.take(text);
      if (typeof aux === "object" && aux !== null && "ID" in aux) built = String(aux.ID);
    }
    output.end("done");
    return { imageId: built };
  } catch (error) {
    output.end("failed");
    throw error;
  }
}
