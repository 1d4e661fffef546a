import { queryOptions } from "@tanstack/react-query";
import type { AppInfo } from "#contract";
import { client } from "./client.ts";
import { queryClient } from "./query-client.ts";

/** What the host is and can do; asked once. */
export const appInfoQuery = queryOptions({
  queryKey: ["app", "info"],
  queryFn: () => client.app.info({}),
  staleTime: Number.POSITIVE_INFINITY,
});

export function appInfo(): Promise<AppInfo> {
  return queryClient.ensureQueryData(appInfoQuery);
}
