import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { emptyList, type LiveList, type LiveSource } from "../lib/live-list.ts";
import type { LiveValueSource } from "../lib/live-value.ts";

/** A live list; its stream runs while some screen shows it. */
export function useLiveList<T>(source: LiveSource<T>): LiveList<T> {
  useEffect(() => source.subscribe(), [source]);
  const { data } = useQuery<LiveList<T>>({
    queryKey: source.key,
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data ?? emptyList;
}

/** A live value, or undefined until its first item came. */
export function useLiveValue<T>(source: LiveValueSource<T>): T | undefined {
  useEffect(() => source.subscribe(), [source]);
  return useQuery<T>({ queryKey: source.key, queryFn: skipToken, gcTime: Number.POSITIVE_INFINITY }).data;
}
