import type { Build, BuildStep, BuildUpdate } from "#contract/builds.ts";
import { Bell } from "../bell.ts";

/** More text than anybody reads; the last of it is kept, for there the error stands. */
const maxLogCharacters = 4_000_000;
const updateEveryMs = 100;
const maxCharactersPerUpdate = 256 * 1024;

interface LogPiece {
  readonly step: string;
  readonly text: string;
}

/** A build with its steps and its log, for any number of watchers; as it runs, or as the history kept it. */
export class BuildLog {
  readonly #steps = new Map<string, BuildStep>();
  readonly #bells = new Set<Bell>();
  readonly #secrets: string[] = [];
  #pieces: LogPiece[] = [];
  #characters = 0;
  #droppedPieces = 0;
  #omitted = 0;
  #build: Build;

  constructor(build: Build) {
    this.#build = build;
  }

  get build(): Build {
    return this.#build;
  }

  /** Text that is hidden wherever it appears from now on. */
  hide(secret: string): void {
    const shortestSecret = 4;
    for (const line of [secret, ...secret.split("\n")]) {
      if (line.trim().length >= shortestSecret) this.#secrets.push(line.trim());
    }
  }

  change(change: Partial<Build>): void {
    this.#build = { ...this.#build, ...change };
    this.#ring();
  }

  step(id: string, change: Partial<Omit<BuildStep, "id">>): BuildStep {
    const step: BuildStep = { id, name: id, state: "waiting", needs: [], ...this.#steps.get(id), ...change };
    const shown = {
      ...step,
      name: this.#masked(step.name),
      ...(step.error === undefined ? {} : { error: this.#masked(step.error) }),
    };
    this.#steps.set(id, shown);
    this.#ring();
    return shown;
  }

  write(step: string, text: string): void {
    if (text === "") return;
    const shown = this.#masked(text);
    this.#pieces.push({ step, text: shown });
    this.#characters += shown.length;
    while (this.#characters > maxLogCharacters && this.#pieces.length > 1) {
      const dropped = this.#pieces.shift()?.text.length ?? 0;
      this.#characters -= dropped;
      this.#omitted += dropped;
      this.#droppedPieces += 1;
    }
    this.#ring();
  }

  /** Everything, to be kept. */
  whole(): BuildUpdate {
    return { build: this.#build, steps: [...this.#steps.values()], log: [...this.#pieces], omitted: this.#omitted };
  }

  /** The text without secrets. */
  masked(text: string): string {
    return this.#masked(text);
  }

  /** From the beginning, then as it comes; ends with the build. */
  async *follow(signal: AbortSignal): AsyncGenerator<BuildUpdate> {
    const bell = new Bell();
    this.#bells.add(bell);
    const sent = new Map<string, BuildStep>();
    let next = 0;
    try {
      while (!signal.aborted) {
        const ended = this.#build.state.status !== "running";
        const steps = [...this.#steps.values()].filter((step) => sent.get(step.id) !== step);
        for (const step of steps) sent.set(step.id, step);
        const from = Math.max(0, next - this.#droppedPieces);
        const log = takeCharacters(this.#pieces, from);
        next = this.#droppedPieces + from + log.length;
        yield { build: this.#build, steps, log, omitted: this.#omitted };
        const more = next < this.#droppedPieces + this.#pieces.length;
        if (ended && !more) return;
        if (!more) {
          await bell.wait(signal);
          await new Bell().wait(signal, updateEveryMs);
        }
      }
    } finally {
      this.#bells.delete(bell);
    }
  }

  #masked(text: string): string {
    return this.#secrets.reduce((result, secret) => result.replaceAll(secret, "[hidden]"), text);
  }

  #ring(): void {
    for (const bell of this.#bells) bell.ring();
  }
}

function takeCharacters(pieces: readonly LogPiece[], from: number): LogPiece[] {
  let characters = 0;
  let to = from;
  while (to < pieces.length && characters < maxCharactersPerUpdate) characters += pieces[to++]?.text.length ?? 0;
  return pieces.slice(from, to);
}
