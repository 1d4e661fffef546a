import { queryOptions } from "@tanstack/react-query";
import type { AppInfo } from "#contract";
import { client } from "./client.ts";
import { queryClient } from "./query-client.ts";

/** What the host is and can do; asked once. */
export const appInfoQuery = queryOptions({
  queryKey: ["app", "info"],
  queryFn: () => client.app.info({}),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** As `appInfoQuery`, outside of a component. It must not be a query's own function: it would wait for itself. */
export function appInfo(): Promise<AppInfo> {
  return queryClient.ensureQueryData(appInfoQuery);
}
