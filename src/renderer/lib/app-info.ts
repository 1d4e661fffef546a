import type { AppInfo } from "#contract";
import { client } from "./client.ts";
import { queryClient } from "./query-client.ts";

/** What the host is and can do; asked once. */
export function appInfo(): Promise<AppInfo> {
  return queryClient.ensureQueryData({
    queryKey: ["app", "info"],
    queryFn: () => client.app.info({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
