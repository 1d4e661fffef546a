import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import type { TakenPort } from "#contract";
import { client } from "../../../lib/client.ts";
import { type PortRow, publishedPorts } from "./run-form.ts";

/** How often a port that was taken is looked at again: the user may be about to free it. */
const lookAgainMs = 2_000;
const none: readonly TakenPort[] = [];

/** Which of the form's host ports are taken, while it is filled in. */
export function useTakenPorts(rows: readonly PortRow[]): readonly TakenPort[] {
  const ports = useDeferredValue(publishedPorts(rows));
  const { data } = useQuery({
    queryKey: ["images", "takenPorts", ports.map(({ port, protocol }) => `${port}/${protocol}`).join(" ")],
    queryFn: ({ signal }) => client.images.checkPorts({ ports }, { signal }),
    enabled: ports.length > 0,
    gcTime: 0,
    retry: false,
    refetchInterval: ({ state }) => (state.data && state.data.taken.length > 0 ? lookAgainMs : false),
  });
  return data?.taken ?? none;
}

/** The answer for one row. */
export function takenIn(taken: readonly TakenPort[], { hostPort, protocol }: PortRow): TakenPort | undefined {
  return taken.find((entry) => entry.protocol === protocol && String(entry.port) === hostPort);
}
