import { join } from "node:path";

interface Place {
  readonly platform: NodeJS.Platform;
  readonly userHome: string;
  /** XDG_RUNTIME_DIR, where rootless engines listen. */
  readonly runtimeFolder?: string | undefined;
}

/** Where engines listen when nobody said where, the most likely first; as Docker host URLs. */
export function usualHosts({ platform, userHome, runtimeFolder }: Place): readonly string[] {
  if (platform === "win32") {
    return ["docker_engine", "dockerDesktopLinuxEngine", "podman-machine-default"].map(
      (name) => `npipe:////./pipe/${name}`,
    );
  }
  const ofUser = [
    ".docker/run/docker.sock",
    ".docker/desktop/docker.sock",
    ".orbstack/run/docker.sock",
    ".colima/default/docker.sock",
    ".colima/docker.sock",
    ".rd/docker.sock",
    ".lima/docker/sock/docker.sock",
    ".local/share/containers/podman/machine/podman.sock",
  ].map((path) => join(userHome, path));
  const ofRuntime = runtimeFolder ? [join(runtimeFolder, "docker.sock")] : [];
  const ofPodman = [...(runtimeFolder ? [join(runtimeFolder, "podman/podman.sock")] : []), "/run/podman/podman.sock"];
  return ["/var/run/docker.sock", ...ofRuntime, ...ofUser, ...ofPodman].map((path) => `unix://${path}`);
}
