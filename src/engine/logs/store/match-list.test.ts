import fc from "fast-check";
import { expect, test } from "vitest";
import { noLogFilter } from "#contract/log-filter.ts";
import { Arenas } from "./arena.ts";
import { RegexRunner } from "./regex-runner.ts";
import { Search } from "./search.ts";
import type { SourceFeed } from "./source-feed.ts";
import { View } from "./view.ts";

const query = { text: "needle", regex: false, caseSensitive: true };

/** Lines as a terminal's log has them; a hit says whether the needle is in it, and the long ones fill blocks. */
function write(feed: SourceFeed, hits: readonly boolean[], options: { from: number; long: boolean }): void {
  const rest = options.long ? "x".repeat(90_000) : "";
  const line = (hit: boolean, at: number): string => {
    const time = new Date(1_700_000_000_000 + (options.from + at) * 1000).toISOString().replace("Z", "000000Z");
    return `${time} ${hit ? "a needle" : "hay"} ${rest}\n`;
  };
  feed.feed(Buffer.from(hits.map(line).join("")));
}

/** Rows whose bits say that they match, one by one. */
function oneByOne(view: View): number[] {
  const rows: number[] = [];
  for (let row = view.shown.first; row < view.shown.end; row += 1) {
    const position = view.shown.baseAt(row);
    const place = view.stores.get(view.base.sourceAt(position))?.find(view.base.lineAt(position));
    if (place?.block.line(place.index).includes("needle")) rows.push(row);
  }
  return rows;
}

const hits = fc.array(fc.boolean(), { maxLength: 40 });

test("the matches are the rows that contain the text: of one source or two, filtered, live, and given up", () => {
  fc.assert(
    fc.property(hits, hits, fc.boolean(), fc.boolean(), fc.boolean(), (before, after, two, long, filtered) => {
      const specs = (two ? ["a", "b"] : ["a"]).map((id) => ({ kind: "container", id }) as const);
      const view = new View(specs, new Arenas());
      view.filter = filtered ? { ...noLogFilter, stderr: false } : noLogFilter;
      view.reshow();
      const feeds = [...view.feeds.values()];
      for (const feed of feeds) feed.open(true);
      for (const feed of feeds) write(feed, before, { from: 0, long });
      view.refresh();
      const search = new Search(query, new RegexRunner());
      view.search = search;
      for (const { store } of feeds) for (const block of store.blocks) search.scanLiteral(block);
      view.matches.rebuild(view);
      const found = (): number[] => Array.from({ length: view.matches.count }, (_, at) => view.matches.at(at));
      expect(found()).toEqual(oneByOne(view));
      for (const feed of feeds) write(feed, after, { from: before.length, long });
      view.refresh();
      expect(found()).toEqual(oneByOne(view));
      feeds[0]?.store.evict();
      view.refresh();
      expect(found()).toEqual(oneByOne(view));
      view.close();
    }),
    { numRuns: 60 },
  );
});
