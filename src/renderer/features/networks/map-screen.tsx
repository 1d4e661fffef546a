import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, Minus, Network, Plus, SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary, NetworkSummary } from "#contract";
import { matchesQuery } from "../../components/screen/match.ts";
import { Button } from "../../components/ui/button.tsx";
import { Checkbox } from "../../components/ui/checkbox.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { RadioGroup } from "../../components/ui/radio-group.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { containersSource, networksSource } from "../../lib/sources.ts";
import { NetworkDialogs } from "./dialogs/network-dialogs.tsx";
import { buildGraph, publishedPorts, runs } from "./map-graph.ts";
import { layoutMap, type MapLayout, nodeHeight, nodeWidth, type PlacedNode } from "./map-layout.ts";
import { ask } from "./network-actions.ts";

/** Above this many containers, compose projects begin folded. */
const foldAbove = 40;
const zooms = [0.4, 0.55, 0.75, 1, 1.35, 1.8] as const;
const plainZoom = 3;
/** Unless somebody zoomed, the drawing shrinks so far to fit into the window; any smaller, and it cannot be read. */
const leastFit = 0.75;

const looks: Readonly<Record<PlacedNode["kind"], string>> = {
  network: "fill-selected stroke-accent",
  container: "fill-raised stroke-control",
  project: "fill-sunken stroke-control",
  set: "fill-sunken stroke-control",
  host: "fill-active stroke-control",
};

const faintClass = (faint: boolean): string => (faint ? "opacity-25" : "");

interface NodeProps {
  readonly node: PlacedNode;
  readonly faint: boolean;
  readonly onOpen: (node: PlacedNode) => void;
}

function NodeBox({ node, faint, onOpen }: NodeProps) {
  const { t } = useTranslation("networks");
  const { kind, running, x, y } = node;
  const label = kind === "host" ? t("map.host") : node.label;
  const isGroup = kind === "project" || kind === "set";
  const count = Number(node.detail);
  const groupDetail = running ? t("map.containers", { count }) : t("map.stopped", { count });
  const detail = isGroup ? groupDetail : node.detail;
  const state = running || kind !== "container" ? "" : t("page.stopped");
  const name = [label, state, detail].filter(Boolean).join(", ");
  return (
    <g
      transform={`translate(${x} ${y})`}
      className={`${faintClass(faint)} cursor-pointer`}
      role="button"
      data-tip={name}
      tabIndex={0}
      aria-label={name}
      onClick={() => onOpen(node)}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") onOpen(node);
      }}
    >
      <rect
        width={nodeWidth}
        height={nodeHeight}
        rx={kind === "network" ? nodeHeight / 2 : 6}
        strokeDasharray={running ? undefined : "4 3"}
        className={looks[kind]}
      />
      {/* Whole texts, cut by the box and not by an ellipsis, so that they agree with the name. */}
      <g clipPath="url(#map-box)">
        <text x={12} y={state || detail ? 17 : 25} className="fill-ink text-sm font-medium">
          {label}
        </text>{" "}
        <text x={12} y={32} className="fill-muted text-sm">
          {state || detail}
        </text>
      </g>
    </g>
  );
}

function Drawing({
  layout,
  query,
  zoom,
  onOpen,
}: {
  layout: MapLayout;
  query: string;
  /** Undefined: as large as fits, and no larger than plain. */
  zoom: number | undefined;
  onOpen: (node: PlacedNode) => void;
}) {
  const { t } = useTranslation("networks");
  const hits = new Set(layout.nodes.filter(({ names }) => matchesQuery(query, names)).map(({ id }) => id));
  const isFaint = (id: string): boolean => query !== "" && !hits.has(id);
  return (
    <div tabIndex={0} role="region" aria-label={t("map.drawing")} className="h-full overflow-auto">
      <svg
        role="group"
        aria-label={t("map.described", { count: layout.nodes.length })}
        style={
          zoom === undefined
            ? { width: "100%", minWidth: layout.width * leastFit, maxWidth: layout.width }
            : { width: layout.width * zoom }
        }
        viewBox={`0 0 ${layout.width} ${layout.height}`}
      >
        <defs>
          <clipPath id="map-box">
            <rect width={nodeWidth - 8} height={nodeHeight} />
          </clipPath>
        </defs>
        {layout.edges.map(({ key, from, to, path }) => (
          <path key={key} d={path} className={`fill-none stroke-control ${faintClass(isFaint(from) && isFaint(to))}`} />
        ))}
        {/* After all lines, and with a rim of the ground's colour: no line crosses out a port. */}
        {layout.edges.map(({ key, from, to, label, labelX, labelY }) => {
          if (!label) return null;
          const look = "fill-muted stroke-surface text-sm [paint-order:stroke]";
          return (
            <text
              key={key}
              x={labelX}
              y={labelY - 5}
              textAnchor="end"
              strokeWidth={5}
              strokeLinejoin="round"
              className={`${look} ${faintClass(isFaint(from) && isFaint(to))}`}
            >
              {label}
            </text>
          );
        })}
        {layout.nodes.map((node) => (
          <NodeBox key={node.id} node={node} faint={isFaint(node.id)} onOpen={onOpen} />
        ))}
      </svg>
    </div>
  );
}

/** Names that a line of the list has room for. */
const shownNames = 5;

interface ListProps {
  readonly containers: readonly ContainerSummary[];
  readonly networks: readonly NetworkSummary[];
  readonly query: string;
}

/** The same as the drawing, in words. */
function AsList({ containers, networks, query }: ListProps) {
  const { t } = useTranslation("networks");
  const shown = networks
    .filter(({ name }) => name !== "none" && containers.some((one) => one.networks.includes(name)))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <div tabIndex={0} role="region" aria-label={t("map.list")} className="h-full overflow-y-auto p-4">
      {shown.map(({ id, name }) => {
        const members = containers
          .filter((one) => one.networks.includes(name))
          .toSorted((a, b) => a.name.localeCompare(b.name));
        const hits = members.filter((one) => matchesQuery(query, [name, one.name, one.image]));
        if (hits.length === 0) return null;
        return (
          <section key={id} aria-labelledby={`map-${id}`} className="mb-4">
            <h2 id={`map-${id}`} className="font-medium">
              <Link to="/networks/$id" params={{ id: id.slice(0, 12) }} className="text-link underline">
                {name}
              </Link>
            </h2>
            <ul className="mt-1 flex flex-col gap-0.5">
              {hits.map((member) => {
                const ports = publishedPorts([member]);
                const isUp = runs(member.state);
                const others = members
                  .filter((other) => other.id !== member.id && runs(other.state))
                  .map((other) => other.name);
                const names = others.slice(0, shownNames).join(", ");
                return (
                  <li key={member.id}>
                    <Link to="/containers/$id" params={{ id: member.id.slice(0, 12) }} className="text-link underline">
                      {member.name}
                    </Link>{" "}
                    <span className="text-muted">
                      {[
                        !isUp && t("page.stopped"),
                        isUp && (others.length === 0 ? t("map.alone") : t("map.reaches", { names })),
                        isUp && others.length > shownNames && t("map.more", { count: others.length - shownNames }),
                        ports.length > 0 && t("map.published", { ports: ports.join(", ") }),
                      ]
                        .filter(Boolean)
                        .join(" · ")}
                    </span>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

const noContainers: readonly ContainerSummary[] = [];
const noNetworks: readonly NetworkSummary[] = [];

/** Who is on which network, drawn or as a list. */
export function NetworkMapScreen() {
  const { t } = useTranslation(["networks", "common"]);
  useTitle(t("map.title"));
  const containerList = useLiveList(containersSource);
  const containers = containerList.items ?? noContainers;
  const networks = useLiveList(networksSource).items ?? noNetworks;
  const readiness = useReadiness();
  const navigate = useNavigate();
  const [view, setView] = useState<"map" | "list">("map");
  const [query, setQuery] = useState("");
  const [zoom, setZoom] = useState<number>();
  const [folding, setFolding] = useState<boolean>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const folds = folding ?? containers.length > foldAbove;
  const layout = useMemo(
    () => layoutMap(buildGraph(containers, networks, (id) => !folds || unfolded.has(id))),
    [containers, networks, folds, unfolded],
  );
  const open = (node: PlacedNode): void => {
    if (node.kind === "project" || node.kind === "set") setUnfolded(new Set([...unfolded, node.id]));
    else if (node.href) void navigate(node.href);
  };
  const zoomBy = (steps: number): void => setZoom(Math.max(0, Math.min(zooms.length - 1, (zoom ?? plainZoom) + steps)));
  const isFound = containers.some(
    (one) => matchesQuery(query, [one.name, one.image]) || one.networks.some((name) => matchesQuery(query, [name])),
  );
  return (
    <section aria-label={t("map.title")} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <Link
          to="/networks"
          aria-label={t("page.back")}
          className="hit -ml-1.5 flex items-center text-muted hover:text-ink"
        >
          <ChevronLeft size={18} aria-hidden />
        </Link>
        <h1 className="text-lg font-medium">{t("map.title")}</h1>
        <SearchField main label={t("map.search")} value={query} onChange={setQuery} className="w-56" />
        <RadioGroup
          label={t("map.view")}
          segmented
          value={view}
          onChange={setView}
          options={[
            { value: "map", label: t("map.drawing") },
            { value: "list", label: t("map.list") },
          ]}
        />
        {view === "map" && (
          <Checkbox
            checked={folds}
            onChange={(on) => {
              setFolding(on);
              setUnfolded(new Set());
            }}
          >
            {t("map.fold")}
          </Checkbox>
        )}
        <div className="ml-auto flex items-center gap-1">
          {view === "map" && (
            <>
              <IconButton icon={Minus} label={t("map.zoomOut")} onClick={() => zoomBy(-1)} />
              <IconButton icon={Plus} label={t("map.zoomIn")} onClick={() => zoomBy(1)} />
            </>
          )}
          <Button icon={Network} disabledReason={readiness.reason} onClick={() => ask({ kind: "reach" })}>
            {t("reach.open")}
          </Button>
        </div>
      </header>
      <div className="min-h-0 grow">
        {containerList.items === undefined && readiness.ready && <Skeleton what={t("map.title")} />}
        {containerList.items && containers.length === 0 && (
          <EmptyState icon={Network} title={t("map.empty")} body={t("map.emptyBody")} />
        )}
        {containers.length > 0 && !isFound && (
          <EmptyState
            icon={SearchX}
            title={t("common:table.noMatch")}
            body={t("map.noMatch", { query })}
            action={<Button onClick={() => setQuery("")}>{t("common:table.clearFilters")}</Button>}
          />
        )}
        {isFound && view === "map" && (
          <Drawing layout={layout} query={query} zoom={zoom === undefined ? undefined : zooms[zoom]} onOpen={open} />
        )}
        {isFound && view === "list" && <AsList containers={containers} networks={networks} query={query} />}
      </div>
      <NetworkDialogs />
    </section>
  );
}
