import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type RouteComponent,
  redirect,
} from "@tanstack/react-router";
import { readListSearch } from "../components/screen/use-list-view.ts";
import { ContainersScreen } from "../features/containers/containers-screen.tsx";
import type { LiveSource } from "../lib/live-list.ts";
import { lazyScreen } from "../lib/load-part.ts";
import {
  buildsSource,
  containersSource,
  imagesSource,
  networksSource,
  pastSource,
  volumesSource,
} from "../lib/sources.ts";
import { containerTabs } from "./container-tabs.ts";
import { imageTabs } from "./image-tabs.ts";
import { Crash } from "./shell/crash.tsx";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/containers", replace: true });
  },
});

/**
 * A screen with a list: loaded when first shown; search, filter and sort stand in its URL. Its list is asked for together
 * with its code, so that neither waits for the other.
 */
function listRoute<P extends string>(
  path: P,
  source: Pick<LiveSource<unknown>, "subscribe">,
  component: RouteComponent,
) {
  // The stream lingers after its last reader, which is long enough for the screen to come up and take it over.
  const loader = (): void => source.subscribe()();
  return createRoute({ getParentRoute: () => root, path, validateSearch: readListSearch, loader, component });
}

// Not loaded later: it is where nearly every start leads.
const containers = listRoute("/containers", containersSource, ContainersScreen);
const images = listRoute(
  "/images",
  imagesSource,
  lazyScreen(() => import("../features/images/images-screen.tsx"), "ImagesScreen"),
);
const volumes = listRoute(
  "/volumes",
  volumesSource,
  lazyScreen(() => import("../features/volumes/volumes-screen.tsx"), "VolumesScreen"),
);
function readPath(search: Record<string, unknown>): { path?: string } {
  return typeof search.path === "string" || typeof search.path === "number" ? { path: String(search.path) } : {};
}

const volumeHome = createRoute({
  getParentRoute: () => root,
  path: "/volumes/$name",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/volumes/$name/files", params, replace: true });
  },
});
const volumeFiles = createRoute({
  getParentRoute: () => root,
  path: "/volumes/$name/files",
  validateSearch: readPath,
  component: lazyScreen(() => import("./volume-page.tsx"), "VolumeFilesRoute"),
});
const volumeOverview = createRoute({
  getParentRoute: () => root,
  path: "/volumes/$name/overview",
  component: lazyScreen(() => import("./volume-page.tsx"), "VolumeOverviewRoute"),
});
const networks = listRoute(
  "/networks",
  networksSource,
  lazyScreen(() => import("../features/networks/networks-screen.tsx"), "NetworksScreen"),
);
const builds = listRoute(
  "/builds",
  buildsSource,
  lazyScreen(() => import("../features/builds/builds-screen.tsx"), "BuildsScreen"),
);
const build = createRoute({
  getParentRoute: () => root,
  path: "/builds/$id",
  component: lazyScreen(() => import("../features/builds/build-page.tsx"), "BuildPage"),
});
const registries = createRoute({
  getParentRoute: () => root,
  path: "/registries",
  component: lazyScreen(() => import("../features/registries/registries-screen.tsx"), "RegistriesScreen"),
});
const image = createRoute({
  getParentRoute: () => root,
  path: "/images/$id",
  component: lazyScreen(() => import("../features/images/image-page.tsx"), "ImagePage"),
});
const imageHome = createRoute({
  getParentRoute: () => image,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/images/$id/overview", params, replace: true });
  },
});
const imageTabRoutes = imageTabs.map(({ id, component }) =>
  createRoute({ getParentRoute: () => image, path: id, component }),
);
const networkMap = createRoute({
  getParentRoute: () => root,
  path: "/networks/map",
  component: lazyScreen(() => import("../features/networks/map-screen.tsx"), "NetworkMapScreen"),
});
const network = createRoute({
  getParentRoute: () => root,
  path: "/networks/$id",
  component: lazyScreen(() => import("../features/networks/network-page.tsx"), "NetworkPage"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyScreen(() => import("../features/settings/settings-screen.tsx"), "SettingsScreen"),
});

const machineSettings = createRoute({
  getParentRoute: () => root,
  path: "/settings/machine",
  component: lazyScreen(() => import("../features/machine/page/machine-page.tsx"), "MachinePage"),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: "/logs",
  component: lazyScreen(() => import("../features/logs/logs-screen.tsx"), "LogsScreen"),
});

const past = listRoute(
  "/logs/past",
  pastSource,
  lazyScreen(() => import("../features/past/past-screen.tsx"), "PastScreen"),
);

const container = createRoute({
  getParentRoute: () => root,
  path: "/containers/$id",
  component: lazyScreen(() => import("./container-page.tsx"), "ContainerRoute"),
});
const containerHome = createRoute({
  getParentRoute: () => container,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/containers/$id/overview", params, replace: true });
  },
});
const containerTabRoutes = containerTabs.map(({ id, component }) =>
  createRoute({ getParentRoute: () => container, path: id, component }),
);

const routes = root.addChildren([
  home,
  containers,
  container.addChildren([containerHome, ...containerTabRoutes]),
  logs,
  images,
  image.addChildren([imageHome, ...imageTabRoutes]),
  builds,
  build,
  registries,
  volumes,
  volumeHome,
  volumeFiles,
  volumeOverview,
  networks,
  networkMap,
  network,
  settings,
  machineSettings,
  past,
]);

/** Hash URLs: they survive a reload under any scheme, and the server never sees them. */
export function createAppRouter() {
  return createRouter({
    routeTree: routes,
    history: createHashHistory(),
    defaultErrorComponent: Crash,
    defaultPendingMs: 300,
    // The hand takes longer from the edge of a link to the click than a screen takes to load.
    defaultPreload: "intent",
    // Streams keep the lists current; the router has nothing to keep.
    defaultPreloadStaleTime: 0,
    scrollRestoration: false,
  });
}
