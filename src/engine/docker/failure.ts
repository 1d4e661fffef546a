import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import type { EngineState } from "#contract";
import type { AppError } from "#contract/errors.ts";
import type { ReachableEndpoint, Surroundings } from "./endpoint.ts";

/** The states of an engine that cannot be used. */
export type FailedState = Extract<EngineState, { status: "disconnected" | "no_permission" }>;

type Disconnected = Extract<EngineState, { status: "disconnected" }>;

/** Name of a socket's group by /etc/group; the number where it has none. */
function groupOf(socket: string): string {
  try {
    const { gid } = statSync(socket);
    const line = readFileSync("/etc/group", "utf8")
      .split("\n")
      .find((entry) => entry.split(":")[2] === String(gid));
    return line?.split(":")[0] ?? String(gid);
  } catch {
    return "docker";
  }
}

/** The command that lets this user use the socket. Shown, never run. */
function accessCommand(group: string, platform: NodeJS.Platform): string {
  const { username } = userInfo();
  if (platform === "win32") return `net localgroup docker-users "${username}" /add`;
  // Adding someone to the group root would give away more than Docker; the engine makes its socket anew for `docker`.
  if (group === "root") {
    return `sudo groupadd -f docker && sudo usermod -aG docker ${username} && sudo systemctl restart docker`;
  }
  return `sudo usermod -aG ${group} ${username}`;
}

function hintsFor(target: ReachableEndpoint, platform: NodeJS.Platform): string[] {
  const { address } = target;
  if (address.kind === "ssh") return [`Try it in a terminal: ssh ${address.hostname} docker version`];
  if (address.kind === "tcp")
    return ["Check that the engine listens on that address, and that no firewall is between."];
  return [platform === "linux" ? "Start it: sudo systemctl start docker" : "Start Docker on this machine."];
}

/** The state that tells of a failed connection to `target`. */
export function failedState(error: AppError, target: ReachableEndpoint, platform: NodeJS.Platform): FailedState {
  const { endpoint, address } = target;
  if (error.code === "permission" && address.kind === "socket") {
    const group = platform === "win32" ? "docker-users" : groupOf(address.path);
    const command = accessCommand(group, platform);
    return { status: "no_permission", endpoint, socket: address.path, group, command };
  }
  return { status: "disconnected", endpoint, why: error.message, hints: hintsFor(target, platform) };
}

/** Whether a failure tells the user more than another: a socket that is there but closed to us beats one that is not. */
export function tellsMore(state: FailedState, than: FailedState | undefined): boolean {
  return than === undefined || (state.status === "no_permission" && than.status !== "no_permission");
}

/** The state where no engine was found at all. */
export function nothingFound(choice: string, { machine, platform }: Surroundings): Disconnected {
  const machineSays = machine?.explain();
  if (choice === "vm") {
    return {
      status: "disconnected",
      why: machineSays?.why ?? "Longshore's own machine is not part of this installation.",
      hints: [...(machineSays?.hints ?? ["Choose another engine in Settings."])],
    };
  }
  const start = platform === "linux" ? "sudo systemctl start docker" : "open Docker Desktop or another engine";
  return {
    status: "disconnected",
    why: "No Docker Engine was found on this machine.",
    hints: [
      `If one is installed, start it: ${start}`,
      "If it listens elsewhere, give its address in Settings or as DOCKER_HOST.",
      ...(choice === "auto" ? (machineSays?.hints ?? []) : []),
    ],
  };
}
