import { createReadStream } from "node:fs";
import { SearchAddon } from "@xterm/addon-search";
import xterm from "@xterm/headless";
import { timed } from "./statistics.ts";

const scrollback = 1_100_000;

/** How long xterm's search looks for a text that is nowhere in a log of up to a million lines, which it holds. */
export async function xtermSearchMs(file: string, text: string): Promise<number> {
  const terminal = new xterm.Terminal({ cols: 160, rows: 50, scrollback, convertEol: true, allowProposedApi: true });
  const search = new SearchAddon();
  // What the search uses beside the lines themselves: without a screen nothing is ever selected.
  Object.assign(terminal, { getSelectionPosition: () => undefined, clearSelection: () => {}, select: () => {} });
  terminal.loadAddon(search as unknown as Parameters<typeof terminal.loadAddon>[0]);
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    await new Promise<void>((resolve) => terminal.write(chunk as Buffer, resolve));
  }
  // The first search counts: what it remembers for another one is gone with the next line that is written.
  const ms = await timed(async () => search.findNext(text, { caseSensitive: true }));
  terminal.dispose();
  return ms;
}
