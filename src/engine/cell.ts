import { Bell } from "./bell.ts";

/** One value that changes, for any number of watchers. */
export class Cell<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** The value now, then after each change; a slow reader gets the latest only. Ends at the abort. */
  async *watch(signal: AbortSignal): AsyncGenerator<T> {
    const bell = new Bell();
    const ring = (): void => bell.ring();
    this.#listeners.add(ring);
    try {
      bell.ring();
      while (await bell.wait(signal)) {
        if (signal.aborted) return;
        yield this.#value;
      }
    } finally {
      this.#listeners.delete(ring);
    }
  }
}
