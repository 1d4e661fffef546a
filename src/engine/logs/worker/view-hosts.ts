import { AppError } from "#contract/errors.ts";
import type { LogSourceSpec } from "#contract/log-view.ts";
import { Arenas } from "../store/arena.ts";
import type { LineStore } from "../store/line-store.ts";
import { ViewHost } from "./view-host.ts";

const defaultBudgetBytes = 512 * 1024 * 1024;

/** All open views, and the memory that they share. */
export class ViewHosts {
  budgetBytes = defaultBudgetBytes;
  readonly #arenas = new Arenas();
  readonly #hosts = new Map<string, ViewHost>();

  open(id: string, sources: readonly LogSourceSpec[]): ViewHost {
    const host = new ViewHost(sources, this.#arenas);
    this.#hosts.set(id, host);
    return host;
  }

  /** Errors: not_found. */
  get(id: string): ViewHost {
    const host = this.#hosts.get(id);
    if (!host) throw new AppError("not_found", "This log view is closed. Open the logs again.");
    return host;
  }

  close(id: string): void {
    this.#hosts.get(id)?.close();
    this.#hosts.delete(id);
  }

  memory(): { usedBytes: number; budgetBytes: number } {
    let usedBytes = 0;
    for (const { store } of this.#stores()) usedBytes += store.usedBytes;
    return { usedBytes, budgetBytes: this.budgetBytes };
  }

  /** Gives up whole blocks until the budget holds: the oldest of whichever store is the largest. */
  keepBudget(): void {
    let { usedBytes } = this.memory();
    while (usedBytes > this.budgetBytes) {
      const stores = [...this.#stores()].filter(({ store }) => store.blocks.length > 1);
      const largest = stores.sort((a, b) => b.store.usedBytes - a.store.usedBytes)[0];
      if (!largest) return;
      const before = largest.store.usedBytes;
      largest.store.evict();
      usedBytes -= before - largest.store.usedBytes;
      largest.host.touch();
    }
  }

  *#stores(): Generator<{ host: ViewHost; store: LineStore }> {
    for (const host of this.#hosts.values()) {
      for (const feed of host.view.feeds.values()) {
        yield { host, store: feed.store };
        if (feed.older) yield { host, store: feed.older };
      }
    }
  }
}
