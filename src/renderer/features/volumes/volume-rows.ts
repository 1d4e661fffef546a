import type { VolumeFacts, VolumeSummary } from "#contract";
import { matchesQuery } from "../../components/screen/match.ts";

/** A volume of the user's own, with what Longshore knows of it. */
export interface VolumeRow {
  readonly volume: VolumeSummary;
  readonly isProtected: boolean;
  readonly size: VolumeFacts["sizes"][number] | undefined;
}

export const volumeFilters = ["all", "inUse", "unused", "anonymous"] as const;
export type VolumeFilter = (typeof volumeFilters)[number];

const passes: Readonly<Record<VolumeFilter, (volume: VolumeSummary) => boolean>> = {
  all: () => true,
  inUse: ({ usedBy }) => usedBy.length > 0,
  unused: ({ usedBy }) => usedBy.length === 0,
  anonymous: ({ anonymous }) => anonymous,
};

export function toVolumeFilter(text: string): VolumeFilter {
  return volumeFilters.find((filter) => filter === text) ?? "all";
}

/** The user's own volumes; the trash and unfinished ones are in their own list. */
export function volumeRows(
  volumes: readonly VolumeSummary[],
  facts: Pick<VolumeFacts, "protected" | "sizes"> | undefined,
): readonly VolumeRow[] {
  const kept = new Set(facts?.protected);
  const sizes = new Map(facts?.sizes.map((size) => [size.name, size]));
  return volumes
    .filter(({ role }) => role.kind === "own")
    .map((volume) => ({ volume, isProtected: kept.has(volume.name), size: sizes.get(volume.name) }));
}

export function filterRows(
  rows: readonly VolumeRow[],
  { query, filter }: { query: string; filter: VolumeFilter },
): readonly VolumeRow[] {
  return rows.filter(
    ({ volume }) =>
      passes[filter](volume) &&
      matchesQuery(query, [volume.name, volume.driver, ...volume.usedBy.map(({ name }) => name)]),
  );
}

export function countRows(rows: readonly VolumeRow[], filter: VolumeFilter): number {
  return rows.filter(({ volume }) => passes[filter](volume)).length;
}
