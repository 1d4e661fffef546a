import type { ContainerDetails } from "#contract";
import { joinCommand } from "../../lib/command-line.ts";

const anyAddress = new Set([undefined, "", "0.0.0.0", "::"]);

function portFlags({ ports }: ContainerDetails): string[] {
  const published = ports.flatMap(({ publicPort, privatePort, hostIp, protocol }) => {
    if (publicPort === undefined) return [];
    const address = anyAddress.has(hostIp) ? "" : `${hostIp?.includes(":") ? `[${hostIp}]` : hostIp}:`;
    return [`${address}${publicPort}:${privatePort}${protocol === "tcp" ? "" : `/${protocol}`}`];
  });
  // One port is bound for IPv4 and once more for IPv6; the flag says both.
  return [...new Set(published)].flatMap((port) => ["-p", port]);
}

function mountFlags({ mounts }: ContainerDetails): string[] {
  return mounts.flatMap(({ type, name, source, destination, readOnly }) => {
    if (type === "tmpfs") return ["--tmpfs", destination];
    // The engine names an anonymous volume by 64 digits; the new container gets one of its own.
    const from = type === "volume" ? (name && !/^[0-9a-f]{64}$/.test(name) ? `${name}:` : "") : `${source}:`;
    return ["-v", `${from}${destination}${readOnly ? ":ro" : ""}`];
  });
}

function restartFlags({ restartPolicy: { name, maximumRetryCount } }: ContainerDetails): string[] {
  if (name === "" || name === "no") return [];
  return ["--restart", name === "on-failure" && maximumRetryCount > 0 ? `${name}:${maximumRetryCount}` : name];
}

/** Whether the command's first words are an entrypoint, which the image's own would otherwise stand in front of. */
function entrypointLength({ raw }: ContainerDetails): number {
  const config = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? raw.Config : undefined;
  if (typeof config !== "object" || config === null || Array.isArray(config)) return 0;
  return Array.isArray(config.Entrypoint) ? config.Entrypoint.length : 0;
}

/** The `docker run` that makes a container like this one. Labels are left out where compose would set them. */
export function runCommand(details: ContainerDetails): string {
  const { name, id, env, labels, networks, hostname, user, workingDir, command } = details;
  const length = entrypointLength(details);
  const ownNetworks = networks.filter((network) => network.name !== "bridge");
  const words = ["docker", "run", ...(details.autoRemove ? ["--rm"] : []), "-d", ...(details.tty ? ["-t"] : [])];
  words.push("--name", name);
  if (hostname && !id.startsWith(hostname)) words.push("--hostname", hostname);
  if (details.privileged) words.push("--privileged");
  words.push(...restartFlags(details), ...portFlags(details), ...mountFlags(details));
  // Only one network can be named here; the others are connected afterwards.
  if (ownNetworks[0]) words.push("--network", ownNetworks[0].name);
  if (user) words.push("--user", user);
  if (workingDir) words.push("--workdir", workingDir);
  for (const { name: key, value } of env) words.push("-e", `${key}=${value}`);
  for (const [key, value] of Object.entries(labels))
    if (!key.startsWith("com.docker.compose.")) words.push("--label", `${key}=${value}`);
  if (length > 0 && command[0]) words.push("--entrypoint", command[0]);
  words.push(details.image, ...command.slice(length > 0 ? 1 : 0));
  return joinCommand(words);
}
