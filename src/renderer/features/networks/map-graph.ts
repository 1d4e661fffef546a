import type { ContainerSummary, NetworkSummary } from "#contract";

/** A box of the map: a network, a container, a compose project standing for its containers, or the host. */
export interface MapNode {
  readonly id: string;
  readonly kind: "network" | "container" | "project" | "host";
  readonly label: string;
  readonly detail: string;
  readonly running: boolean;
  /** Where a click leads; none for the host. */
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
const hostId = "host";

function publishedPorts(containers: readonly ContainerSummary[]): readonly string[] {
  const ports = containers.flatMap(({ ports }) =>
    ports.flatMap(({ publicPort, privatePort }) => (publicPort ? [`${publicPort}→${privatePort}`] : [])),
  );
  return [...new Set(ports)];
}

function shortList(parts: readonly string[]): string {
  return parts.length <= 3 ? parts.join(", ") : `${parts.slice(0, 3).join(", ")} +${parts.length - 3}`;
}

function containerNode(container: ContainerSummary): MapNode {
  const { id, name, image, state } = container;
  return {
    id: `container:${id}`,
    kind: "container",
    label: name,
    detail: image,
    running: state === "running",
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
    running: containers.some(({ state }) => state === "running"),
    names: [project, ...containers.map(({ name }) => name)],
  };
}

/** What stands for a container on the map: itself, or its project where projects are folded. */
function groupsOf(
  containers: readonly ContainerSummary[],
  unfolded: (project: string) => boolean,
): readonly { node: MapNode; members: readonly ContainerSummary[] }[] {
  const projects = new Map<string, ContainerSummary[]>();
  const single: ContainerSummary[] = [];
  for (const container of containers) {
    const project = container.labels[projectLabel];
    if (!project || unfolded(project)) single.push(container);
    else projects.set(project, [...(projects.get(project) ?? []), container]);
  }
  return [
    ...[...projects].map(([project, members]) => ({ node: projectNode(project, members), members })),
    ...single.map((container) => ({ node: containerNode(container), members: [container] })),
  ];
}

/** Networks, containers and published ports as a graph. Networks that nobody is on are left out. */
export function buildGraph(
  containers: readonly ContainerSummary[],
  networks: readonly NetworkSummary[],
  unfolded: (project: string) => boolean,
): MapGraph {
  const groups = groupsOf(containers, unfolded);
  const used = new Set(containers.flatMap((container) => container.networks));
  const networkNodes = networks
    .filter(({ name }) => used.has(name) && name !== "none")
    .map(
      ({ id, name, subnets, internal }): MapNode => ({
        id: `network:${name}`,
        kind: "network",
        label: name,
        detail: subnets[0]?.subnet ?? (internal ? "internal" : ""),
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
  const host: MapNode = { id: hostId, kind: "host", label: "", detail: "", running: true, names: [] };
  const nodes = [...(toHost.length > 0 ? [host] : []), ...groups.map(({ node }) => node), ...networkNodes];
  return { nodes, edges: [...toHost, ...toNetworks] };
}

/** Names of the compose projects among the containers. */
export function projectsOf(containers: readonly ContainerSummary[]): readonly string[] {
  return [...new Set(containers.flatMap(({ labels }) => labels[projectLabel] ?? []))].toSorted();
}
