/** Wakes one waiter; a ring that comes before the wait is kept, several rings count as one. */
export class Bell {
  #rung = false;
  #wake = (): void => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Resolves at the next ring, at the abort, or after `timeoutMs`; true where it was the ring. */
  async wait(signal: AbortSignal, timeoutMs?: number): Promise<boolean> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", finish);
          resolve();
        };
        const timer = timeoutMs === undefined ? undefined : setTimeout(finish, timeoutMs);
        signal.addEventListener("abort", finish, { once: true });
        this.#wake = finish;
      });
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
