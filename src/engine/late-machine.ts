import type { MachineSource } from "./docker/endpoint.ts";

/** The machine as the connection to the engine sees it; it answers from the start on, before the machine is opened. */
export class LateMachine implements MachineSource {
  readonly #listeners = new Set<() => void>();
  #source: MachineSource = {
    host: () => undefined,
    explain: () => ({ why: "Longshore is looking for its machine.", hints: [] }),
    subscribe: () => () => undefined,
  };

  host(): string | undefined {
    return this.#source.host();
  }

  explain(): { readonly why: string; readonly hints: readonly string[] } {
    return this.#source.explain();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** From now on it answers as `source` does. */
  become(source: MachineSource): void {
    this.#source = source;
    source.subscribe(() => this.#changed());
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
