import type { ContainerTab } from "../features/containers/tabs.ts";
import { lazyScreen } from "../lib/load-part.ts";

/**
 * The tabs of a container's page, in this order. A tab that needs an ability of the engine says in `available` whether
 * it is there, and if not, why; it then stands greyed with the reason.
 */
export const containerTabs = [
  {
    id: "overview",
    component: lazyScreen(() => import("../features/containers/overview.tsx"), "ContainerOverview"),
  },
  { id: "logs", component: lazyScreen(() => import("../features/logs/log-tab.tsx"), "LogTab") },
  {
    id: "inspect",
    component: lazyScreen(() => import("../features/containers/inspect.tsx"), "ContainerInspect"),
  },
] as const satisfies readonly ContainerTab[];
