import { posix } from "node:path";
import { z } from "zod";
import type { SharedFolder } from "#contract/machine.ts";

const createBody = z.object({
  HostConfig: z
    .object({
      Binds: z.array(z.string()).nullish(),
      Mounts: z.array(z.object({ Type: z.string(), Source: z.string().nullish() })).nullish(),
    })
    .nullish(),
});

/** Places that mean the guest's own, on every engine that runs in a virtual machine. */
const guestPlaces = ["/var/run", "/run", "/proc", "/sys", "/dev", "/lib/modules", "/var/lib/docker", "/tmp/.X11-unix"];

/**
 * Why the bind mounts of a container cannot work; undefined where they can. A folder that is not shared would
 * be an empty one of the guest's, which is the worst of answers.
 */
export function checkBinds(body: unknown, shared: readonly SharedFolder[]): string | undefined {
  const parsed = createBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { Binds, Mounts } = parsed.data.HostConfig ?? {};
  const sources = [
    ...(Binds ?? []).map((bind) => bind.split(":", 1)[0] ?? ""),
    ...(Mounts ?? []).flatMap(({ Type, Source }) => (Type === "bind" && Source ? [Source] : [])),
  ];
  const outside = sources.find((source) => source.startsWith("/") && !isReachable(source, shared));
  if (outside === undefined) return undefined;
  return `The folder ${outside} is not shared with Longshore's machine. Add it, or a folder above it, under Settings, Machine, Shared folders.`;
}

/** Folders of the guest itself: a share over one of them would take the system away from under it. */
const guestRoots = ["/", "/etc", "/run", "/usr", "/var", "/var/lib"];
const guestTrees = ["/bin", "/boot", "/dev", "/lib", "/lib64", "/proc", "/sbin", "/sys"].concat(
  ["bin", "lib", "libexec", "sbin"].map((name) => `/usr/${name}`),
  ["containerd", "docker", "longshore"].flatMap((name) => [`/var/lib/${name}`, `/run/${name}`]),
);

/** Why these folders cannot be shared; undefined where they can. */
export function checkShares(shared: readonly SharedFolder[]): string | undefined {
  const paths = shared.map(({ path }) => posix.normalize(path).replace(/(.)\/$/, "$1"));
  const relative = paths.find((path) => !path.startsWith("/") && !/^[A-Za-z]:\\/.test(path));
  if (relative !== undefined) return `The shared folder ${relative} is not a whole path.`;
  const taken = paths.find((path) => guestRoots.includes(path) || guestTrees.some((tree) => isWithin(path, tree)));
  if (taken === undefined) return undefined;
  return `The folder ${taken} cannot be shared: the machine has its own system there. Share another one.`;
}

function isReachable(source: string, shared: readonly SharedFolder[]): boolean {
  const path = posix.normalize(source);
  if (path === "/") return true;
  return [...guestPlaces, ...shared.map((folder) => folder.path)].some((place) =>
    isWithin(path, posix.normalize(place)),
  );
}

function isWithin(path: string, folder: string): boolean {
  const base = folder.replace(/\/$/, "");
  return path === base || path.startsWith(`${base}/`);
}
