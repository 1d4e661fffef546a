import { AppError } from "#contract/errors.ts";
import type { LogSourceSpec } from "#contract/log-view.ts";
import type { KeptLogs } from "../kept/kept-logs.ts";
import { KeptPages, type KeptTarget } from "../kept/kept-pages.ts";
import { Arenas } from "../store/arena.ts";
import { LineStore } from "../store/line-store.ts";
import { SourceFeed } from "../store/source-feed.ts";
import { ViewHost } from "./view-host.ts";

const defaultBudgetBytes = 512 * 1024 * 1024;

/** Which source of which view; without a view, a container that is followed for what is kept alone. */
interface Target {
  readonly view: string;
  readonly source: number;
}

/** All open views, and the memory that they share. */
export class ViewHosts {
  budgetBytes = defaultBudgetBytes;
  readonly arenas = new Arenas();
  /** What is on disk; absent until the engine says where. */
  kept: KeptLogs | undefined;
  readonly #hosts = new Map<string, ViewHost>();
  readonly #followed = new Map<number, SourceFeed>();
  readonly #pages = new WeakMap<SourceFeed, KeptPages>();

  open(id: string, sources: readonly LogSourceSpec[]): ViewHost {
    const host = new ViewHost(sources, this.arenas);
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
    const host = this.#hosts.get(id);
    for (const feed of host?.view.feeds.values() ?? []) this.kept?.detach(feed);
    host?.close();
    this.#hosts.delete(id);
  }

  /** Errors: not_found. */
  feed({ view, source }: Target): SourceFeed {
    if (view !== "") return this.get(view).feed(source);
    const feed = this.#followed.get(source);
    if (!feed) throw new AppError("not_found", "This container is no longer followed.");
    return feed;
  }

  touch({ view }: Target): void {
    if (view !== "") this.get(view).touch();
  }

  touchAll(): void {
    for (const host of this.#hosts.values()) host.touch();
  }

  follow(source: number, id: string): void {
    const feed = new SourceFeed(source, { kind: "container", id }, this.arenas);
    feed.passOn();
    this.#followed.set(source, feed);
  }

  unfollow(source: number): void {
    const feed = this.#followed.get(source);
    this.#followed.delete(source);
    if (feed) this.kept?.detach(feed);
    feed?.close();
  }

  /** Puts kept lines before those of a feed; `more` where others are left. */
  async readPast(feed: SourceFeed, wantedLines: number): Promise<{ added: number; more: boolean }> {
    const pages = this.kept && (this.#pages.get(feed) ?? (await this.#openPages(this.kept, feed)));
    if (!pages || pages.isEmpty) {
      feed.complete = true;
      return { added: 0, more: false };
    }
    const older = new LineStore(this.arenas);
    await pages.read(older, feed.store, wantedLines);
    const added = older.count;
    feed.store.prepend(older);
    feed.complete = pages.isEmpty;
    this.keepBudget();
    return { added, more: !feed.complete };
  }

  async #openPages(kept: KeptLogs, feed: SourceFeed): Promise<KeptPages> {
    const { spec, store } = feed;
    const target: KeptTarget =
      spec.kind === "past" ? { name: spec.name, containerId: "" } : { name: feed.name, containerId: feed.containerId };
    const oldestMs = store.count > 0 ? store.timeOf(store.first) : Number.POSITIVE_INFINITY;
    const pages = await KeptPages.open(kept, target, oldestMs);
    this.#pages.set(feed, pages);
    feed.onEviction = () => void this.#pages.delete(feed);
    return pages;
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
      largest.feed.noteEviction();
      largest.host.touch();
    }
  }

  *#stores(): Generator<{ host: ViewHost; feed: SourceFeed; store: LineStore }> {
    for (const host of this.#hosts.values()) {
      for (const feed of host.view.feeds.values()) {
        yield { host, feed, store: feed.store };
        if (feed.older) yield { host, feed, store: feed.older };
      }
    }
  }
}
