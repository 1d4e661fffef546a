import { lazyScreen } from "../lib/load-part.ts";

/** The tabs of an image's page, in this order. */
export const imageTabs = [
  {
    id: "overview",
    component: lazyScreen(() => import("../features/images/page/overview.tsx"), "ImageOverview"),
  },
  { id: "layers", component: lazyScreen(() => import("../features/images/page/layers.tsx"), "ImageLayers") },
  { id: "files", component: lazyScreen(() => import("../features/images/page/files.tsx"), "ImageFiles") },
  {
    id: "containers",
    component: lazyScreen(() => import("../features/images/page/containers.tsx"), "ImageContainers"),
  },
  { id: "inspect", component: lazyScreen(() => import("../features/images/page/inspect.tsx"), "ImageInspect") },
] as const;
