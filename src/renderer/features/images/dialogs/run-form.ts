import type { RunDefaults, RunRequest } from "#contract";
import { splitCommand } from "../../../lib/command-line.ts";

/** What stands in the run form: text as it is typed. Keys only tell rows apart. */
export interface RunForm {
  readonly name: string;
  readonly command: string;
  readonly ports: readonly PortRow[];
  readonly env: readonly EnvRow[];
  readonly volumes: readonly VolumeRow[];
  /** "" is the engine's default. */
  readonly network: string;
}

export interface PortRow {
  readonly key: number;
  readonly containerPort: string;
  readonly hostPort: string;
  readonly protocol: "tcp" | "udp" | "sctp";
}

export interface EnvRow {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

export interface VolumeRow {
  readonly key: number;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

let lastKey = 0;

/** A key that no other row has. */
export function newKey(): number {
  lastKey += 1;
  return lastKey;
}

export function defaultForm({ name, ports, volumes }: RunDefaults): RunForm {
  return {
    name,
    command: "",
    ports: ports.map(({ containerPort, hostPort, protocol }) => ({
      key: newKey(),
      containerPort: String(containerPort),
      hostPort: hostPort === undefined ? "" : String(hostPort),
      protocol,
    })),
    // The image brings its own; only what is added or changed is asked for.
    env: [],
    volumes: volumes.map((target) => ({ key: newKey(), source: "", target, readOnly: false })),
    network: "",
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** The first thing that is wrong, as the name of its sentence. */
export function problemsOf({
  name,
  command,
  ports,
  volumes,
}: RunForm): "badName" | "badPort" | "badTarget" | "badCommand" | undefined {
  if (name !== "" && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return "badName";
  if ("error" in splitCommand(command)) return "badCommand";
  const used = ports.filter(({ containerPort, hostPort }) => containerPort !== "" || hostPort !== "");
  const wrongPort = used.some(
    ({ containerPort, hostPort }) => !isPort(containerPort) || (hostPort !== "" && !isPort(hostPort)),
  );
  if (wrongPort) return "badPort";
  const wrongTarget = volumes.some(({ source, target }) => (source !== "" || target !== "") && !target.startsWith("/"));
  return wrongTarget ? "badTarget" : undefined;
}

export function toRunRequest(image: string, form: RunForm): RunRequest {
  const { name, network } = form;
  const command = splitCommand(form.command);
  return {
    image,
    ...(name === "" ? {} : { name }),
    command: "words" in command ? [...command.words] : [],
    ports: form.ports
      .filter(({ containerPort }) => containerPort !== "")
      .map(({ containerPort, hostPort, protocol }) => ({
        containerPort: Number(containerPort),
        protocol,
        ...(hostPort === "" ? {} : { hostPort: Number(hostPort) }),
      })),
    env: form.env.filter((row) => row.name !== "").map((row) => ({ name: row.name, value: row.value })),
    volumes: form.volumes
      .filter(({ target }) => target !== "")
      .map(({ source, target, readOnly }) => ({ source, target, readOnly })),
    ...(network === "" ? {} : { network }),
  };
}
