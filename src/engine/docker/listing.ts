import { z } from "zod";
import type { EngineHttp, EngineRequest } from "./http.ts";
import type { Listing } from "./live-list.ts";

/**
 * Reads a list item by item: one that cannot be read is counted and left out, and the rest is shown. `read` gives
 * undefined, or throws a zod error, for an item that is not as the Engine API describes it.
 */
export function readItems<T>(items: readonly unknown[], read: (item: unknown) => T | undefined): Listing<T> {
  const result: T[] = [];
  for (const item of items) {
    const value = read(item);
    if (value !== undefined) result.push(value);
  }
  return { items: result, skipped: items.length - result.length };
}

const anyList = z.array(z.unknown());

/** A list that the engine answers as a bare array. Errors: unavailable, timeout. */
export async function getList<T>(
  http: EngineHttp,
  request: EngineRequest,
  read: (item: unknown) => T | undefined,
): Promise<Listing<T>> {
  return readItems(await http.json(request, anyList), read);
}

/** `2026-11-24T00:11:19.969678698Z` as milliseconds since 1970; undefined for the engine's zero time and for nonsense. */
export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) || time <= 0 ? undefined : time;
}
