import { Graph, layout } from "@dagrejs/dagre";
import { hostId, type MapGraph, type MapNode } from "./map-graph.ts";

export const nodeWidth = 168;
export const nodeHeight = 40;

export interface PlacedNode extends MapNode {
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

export interface MapLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

const margin = 24;

/** Beyond this many boxes, dagre's finer ordering costs more than it shows. */
const plainAbove = 120;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the right side of one box to the left side of another. */
function curve(from: Point, to: Point): string {
  const [startX, startY] = [Math.round(from.x + nodeWidth), Math.round(from.y + nodeHeight / 2)];
  const [endX, endY] = [Math.round(to.x), Math.round(to.y + nodeHeight / 2)];
  const bend = Math.round(Math.min(60, Math.abs(endX - startX) / 2));
  return `M${startX} ${startY} C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`;
}

/** Host on the left, containers in the middle, networks on the right. */
export function layoutMap({ nodes, edges }: MapGraph): MapLayout {
  const graph = new Graph({ multigraph: false });
  const ranker = nodes.length > plainAbove ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "LR", ranksep: 150, nodesep: 12, marginx: margin, marginy: margin, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  // Unseen, so that what publishes nothing stands in the column of what does.
  if (graph.hasNode(hostId)) {
    for (const { id, kind } of nodes)
      if (kind !== "network" && kind !== "host") graph.setEdge(hostId, id, { weight: 0 });
  }
  layout(graph);
  const placed = nodes.map((node): PlacedNode => {
    const { x = 0, y = 0 } = graph.node(node.id) as Partial<Point>;
    return { ...node, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  });
  const places = new Map(placed.map((node) => [node.id, node]));
  const lines = edges.flatMap((edge): PlacedEdge[] => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (!from || !to) return [];
    return [
      {
        ...edge,
        key: `${edge.from} ${edge.to}`,
        path: curve(from, to),
        labelX: to.x - 8,
        labelY: to.y + nodeHeight / 2,
      },
    ];
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { nodes: placed, edges: lines, width: Math.max(width, 1), height: Math.max(height, 1) };
}
