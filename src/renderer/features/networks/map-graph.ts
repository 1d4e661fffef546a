import i18next from "i18next";
import type { ContainerSummary, NetworkSummary } from "#contract";

/** A box of the map: a network, a container, the host, or one that stands for the containers of a project or a set. */
export interface MapNode {
  readonly id: string;
  /** A set holds containers of no project that are on the same networks. */
  readonly kind: "network" | "container" | "project" | "set" | "host";
  readonly label: string;
  readonly detail: string;
  readonly running: boolean;
  /** Where a click leads; a group is unfolded instead. */
  readonly href?: { readonly to: string; readonly params: Readonly<Record<string, string>> };
  /** Names that a search finds it by. */
  readonly names: readonly string[];
}

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  /** Published ports, on an edge to the host. */
  readonly label: string;
}

export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

const projectLabel = "com.docker.compose.project";
/** The box of the host itself. */
export const hostId = "host";

/** A paused container is still there for the others, though it does not answer. */
export function runs(state: ContainerSummary["state"]): boolean {
  return state === "running" || state === "paused" || state === "restarting";
}

/** `8080→80`, each once: the engine lists a port for IPv4 and for IPv6. */
export function publishedPorts(containers: readonly ContainerSummary[]): readonly string[] {
  const ports = containers.flatMap(({ ports }) =>
    ports.flatMap(({ publicPort, privatePort }) => (publicPort ? [`${publicPort}→${privatePort}`] : [])),
  );
  return [...new Set(ports)];
}

function shortList(parts: readonly string[]): string {
  return parts.length <= 2 ? parts.join(", ") : `${parts[0]} +${parts.length - 1}`;
}

function containerNode(container: ContainerSummary): MapNode {
  const { id, name, image, state } = container;
  return {
    id: `container:${id}`,
    kind: "container",
    label: name,
    detail: image,
    running: runs(state),
    href: { to: "/containers/$id", params: { id: id.slice(0, 12) } },
    names: [name, image],
  };
}

function projectNode(project: string, containers: readonly ContainerSummary[]): MapNode {
  return {
    id: `project:${project}`,
    kind: "project",
    label: project,
    detail: String(containers.length),
    running: containers.some(({ state }) => runs(state)),
    names: [project, ...containers.map(({ name }) => name)],
  };
}

function setNode(id: string, containers: readonly ContainerSummary[]): MapNode {
  const networks = containers[0]?.networks ?? [];
  return { ...projectNode(networks.join(", "), containers), id, kind: "set" };
}

/** Fewer containers without a project are shown one by one, though they are on the same networks. */
const leastSet = 6;

interface Group {
  readonly node: MapNode;
  readonly members: readonly ContainerSummary[];
}

function gathered(
  containers: readonly ContainerSummary[],
  keyOf: (container: ContainerSummary) => string,
): readonly (readonly [key: string, members: readonly ContainerSummary[]])[] {
  const found = new Map<string, ContainerSummary[]>();
  for (const container of containers) {
    const key = keyOf(container);
    const members = found.get(key);
    if (members) members.push(container);
    else found.set(key, [container]);
  }
  return [...found];
}

const one = (container: ContainerSummary): Group => ({ node: containerNode(container), members: [container] });

/** What stands for a container on the map: itself, or its project or set where that is folded. */
function groupsOf(containers: readonly ContainerSummary[], isUnfolded: (id: string) => boolean): readonly Group[] {
  const inProject = containers.filter(({ labels }) => labels[projectLabel]);
  const single = containers.filter(({ labels }) => !labels[projectLabel]);
  const projects = gathered(inProject, ({ labels }) => labels[projectLabel] ?? "").flatMap(([name, members]) => {
    const node = projectNode(name, members);
    return isUnfolded(node.id) ? members.map(one) : [{ node, members }];
  });
  const sets = gathered(single, ({ networks }) => networks.toSorted().join("\n")).flatMap(([key, members]) => {
    const id = `set:${key}`;
    return members.length < leastSet || isUnfolded(id) ? members.map(one) : [{ node: setNode(id, members), members }];
  });
  return [...projects, ...sets];
}

/** Networks, containers and published ports as a graph. Networks that nobody is on are left out. */
export function buildGraph(
  containers: readonly ContainerSummary[],
  networks: readonly NetworkSummary[],
  isUnfolded: (id: string) => boolean,
): MapGraph {
  const groups = groupsOf(containers, isUnfolded);
  const used = new Set(containers.flatMap((container) => container.networks));
  const networkNodes = networks
    .filter(({ name }) => used.has(name) && name !== "none")
    .map(
      ({ id, name, subnets, internal }): MapNode => ({
        id: `network:${name}`,
        kind: "network",
        label: name,
        detail: [subnets[0]?.subnet, internal && i18next.t("networks:internal")].filter(Boolean).join(" · "),
        running: true,
        href: { to: "/networks/$id", params: { id: id.slice(0, 12) } },
        names: [name, ...subnets.map(({ subnet }) => subnet)],
      }),
    );
  const known = new Set(networkNodes.map(({ id }) => id));
  const toNetworks = groups.flatMap(({ node, members }) =>
    [...new Set(members.flatMap((member) => member.networks))]
      .map((name) => `network:${name}`)
      .filter((id) => known.has(id))
      .map((to): MapEdge => ({ from: node.id, to, label: "" })),
  );
  const toHost = groups.flatMap(({ node, members }): MapEdge[] => {
    const ports = publishedPorts(members);
    return ports.length === 0 ? [] : [{ from: hostId, to: node.id, label: shortList(ports) }];
  });
  const host: MapNode = {
    id: hostId,
    kind: "host",
    label: "",
    detail: "",
    running: true,
    href: { to: "/containers", params: {} },
    names: [],
  };
  const nodes = [...(toHost.length > 0 ? [host] : []), ...groups.map(({ node }) => node), ...networkNodes];
  return { nodes, edges: [...toHost, ...toNetworks] };
}
