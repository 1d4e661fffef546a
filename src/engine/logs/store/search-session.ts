import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogSearchItem } from "#contract/logs.ts";
import { Bell } from "../../bell.ts";
import { SlowRegexError } from "./regex-runner.ts";
import { newestFirst, type Search } from "./search.ts";
import type { View } from "./view.ts";

/** Between two reports while it scans; matching rows are counted anew for each. */
const reportMs = 60;
/** Blocks that a literal search looks at before it lets others have a turn. */
const blocksPerTurn = 8;

/** Runs one search over a view: first over all that is there, then over what comes. */
export class SearchSession {
  readonly search: Search;
  readonly #view: View;
  readonly #bell = new Bell();

  constructor(view: View, search: Search) {
    this.#view = view;
    this.search = search;
  }

  /** Lines have come, or the order is another. */
  ring(): void {
    this.#bell.ring();
  }

  /** What the search tells, until `signal` aborts. */
  async *items(signal: AbortSignal): AsyncGenerator<LogSearchItem> {
    let last = "";
    for (;;) {
      try {
        yield* this.#scanAll(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof SlowRegexError)) throw error;
        this.#refilter();
        const message = "The expression took more than half a second on one piece of the log and was stopped.";
        yield { kind: "stopped", ...this.#counts(), message };
        return;
      }
      if (signal.aborted) return;
      const report = this.#report(true);
      if (JSON.stringify(report) !== last) yield report;
      last = JSON.stringify(report);
      await this.#bell.wait(signal);
      if (signal.aborted) return;
    }
  }

  async *#scanAll(signal: AbortSignal): AsyncGenerator<LogSearchItem> {
    let reportAt = performance.now() + reportMs;
    let turn = 0;
    let before: Promise<void> | undefined;
    for (const block of newestFirst(this.#view.stores.values())) {
      if (signal.aborted) return;
      if (this.search.bits.scanned(block) === block.count) continue;
      const scanning = this.search.scan(block);
      // The thread of an expression has its next block at hand when it is through with one.
      scanning.catch(() => {});
      await before;
      before = scanning;
      turn += 1;
      if (turn % blocksPerTurn === 0) await nextTurn();
      if (performance.now() < reportAt) continue;
      yield this.#report(false);
      reportAt = performance.now() + reportMs;
    }
    await before;
    if (turn > 0) this.#refilter();
  }

  #refilter(): void {
    if (this.#view.filter.onlyMatches) this.#view.reshow();
    else this.#view.matches.rebuild(this.#view);
    this.#view.onChange();
  }

  #report(done: boolean): LogSearchItem {
    if (!done) this.#view.matches.rebuild(this.#view);
    return { kind: "progress", ...this.#counts(), totalLines: this.#total(), done };
  }

  #counts(): { matches: number; scannedLines: number } {
    let scannedLines = 0;
    for (const store of this.#view.stores.values()) {
      for (const block of store.blocks) scannedLines += this.search.bits.scanned(block);
    }
    return { matches: this.#view.matches.count, scannedLines };
  }

  #total(): number {
    let total = 0;
    for (const store of this.#view.stores.values()) total += store.count;
    return total;
  }
}
