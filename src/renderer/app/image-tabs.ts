import { lazyRouteComponent } from "@tanstack/react-router";

/** The tabs of an image's page, in this order. */
export const imageTabs = [
  {
    id: "overview",
    component: lazyRouteComponent(() => import("../features/images/page/overview.tsx"), "ImageOverview"),
  },
  { id: "layers", component: lazyRouteComponent(() => import("../features/images/page/layers.tsx"), "ImageLayers") },
  { id: "files", component: lazyRouteComponent(() => import("../features/images/page/files.tsx"), "ImageFiles") },
  {
    id: "containers",
    component: lazyRouteComponent(() => import("../features/images/page/containers.tsx"), "ImageContainers"),
  },
  { id: "inspect", component: lazyRouteComponent(() => import("../features/images/page/inspect.tsx"), "ImageInspect") },
] as const;
