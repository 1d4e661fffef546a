import { Graph, layout } from "@dagrejs/dagre";
import type { MapGraph, MapNode } from "./map-graph.ts";

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

function pathOf(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${Math.round(x)} ${Math.round(y)}`).join(" ");
}

/** Host on the left, containers in the middle, networks on the right. */
export function layoutMap({ nodes, edges }: MapGraph): MapLayout {
  const graph = new Graph({ multigraph: false });
  const ranker = nodes.length > plainAbove ? "longest-path" : "network-simplex";
  graph.setGraph({ rankdir: "LR", ranksep: 110, nodesep: 12, marginx: margin, marginy: margin, ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of edges) graph.setEdge(from, to, {});
  layout(graph);
  const placed = nodes.map((node): PlacedNode => {
    const { x = 0, y = 0 } = graph.node(node.id) as Partial<Point>;
    return { ...node, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  });
  const lines = edges.map((edge): PlacedEdge => {
    const { points = [] } = graph.edge(edge.from, edge.to) as { points?: Point[] };
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
    return { ...edge, key: `${edge.from} ${edge.to}`, path: pathOf(points), labelX: middle.x, labelY: middle.y };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { nodes: placed, edges: lines, width: Math.max(width, 1), height: Math.max(height, 1) };
}
