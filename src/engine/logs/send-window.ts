/** Chunks that may be on their way to the worker: enough to keep both threads busy, too few to fill memory. */
const inFlight = 8;

/** Lets a sender run a few answers ahead of its receiver. */
export class SendWindow {
  readonly #pending: Promise<unknown>[] = [];

  /** Waits while the window is full. Throws what an earlier sending failed with. */
  async send(sending: Promise<unknown>): Promise<void> {
    // A failure is met by the `await` below, in its turn.
    sending.catch(() => {});
    this.#pending.push(sending);
    if (this.#pending.length >= inFlight) await this.#pending.shift();
  }

  async drain(): Promise<void> {
    for (const sending of this.#pending.splice(0)) await sending;
  }
}
