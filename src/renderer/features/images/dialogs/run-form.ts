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
  readonly restart: RunRequest["restart"];
  /** In MiB; "" means no limit. */
  readonly memory: string;
  /** Number of processors; "" means no limit. */
  readonly cpus: string;
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
    restart: "no",
    memory: "",
    cpus: "",
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** Ports of the host that the form would publish. */
export function publishedPorts(rows: readonly PortRow[]): { port: number; protocol: PortRow["protocol"] }[] {
  return rows
    .filter(({ hostPort }) => isPort(hostPort))
    .map(({ hostPort, protocol }) => ({ port: Number(hostPort), protocol }));
}

const leastMemoryMiB = 6;
const mostMemoryMiB = 1 << 24;
const leastCpus = 0.01;

function limitProblem({ memory, cpus }: RunForm): "badMemory" | "badCpus" | undefined {
  const memoryFits = /^\d+$/.test(memory) && Number(memory) >= leastMemoryMiB && Number(memory) <= mostMemoryMiB;
  if (memory !== "" && !memoryFits) return "badMemory";
  if (cpus !== "" && !(/^\d+(\.\d+)?$/.test(cpus) && Number(cpus) >= leastCpus)) return "badCpus";
  return undefined;
}

type Problem = "badName" | "badPort" | "samePort" | "badTarget" | "badCommand" | "badMemory" | "badCpus";

/** The first thing that is wrong, as the name of its sentence. */
export function problemsOf(form: RunForm): Problem | undefined {
  const { name, command, ports, volumes } = form;
  if (name !== "" && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return "badName";
  if ("error" in splitCommand(command)) return "badCommand";
  const used = ports.filter(({ containerPort, hostPort }) => containerPort !== "" || hostPort !== "");
  const wrongPort = used.some(
    ({ containerPort, hostPort }) => !isPort(containerPort) || (hostPort !== "" && !isPort(hostPort)),
  );
  if (wrongPort) return "badPort";
  const published = publishedPorts(ports).map(({ port, protocol }) => `${port}/${protocol}`);
  if (new Set(published).size < published.length) return "samePort";
  const wrongTarget = volumes.some(({ source, target }) => (source !== "" || target !== "") && !target.startsWith("/"));
  return wrongTarget ? "badTarget" : limitProblem(form);
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
    restart: form.restart,
    ...(form.memory === "" ? {} : { memoryBytes: Number(form.memory) * 1024 * 1024 }),
    ...(form.cpus === "" ? {} : { cpus: Number(form.cpus) }),
  };
}
