import { useParams } from "@tanstack/react-router";
import { FileBrowser } from "../features/files/file-browser.tsx";
import { VolumeOverview, VolumePage } from "../features/volumes/volume-page.tsx";
import { useLiveValue } from "../hooks/use-live.ts";
import { volumeFactsSource } from "../lib/sources.ts";

/** Joins the page of a volume with the file browser. */
export function VolumeFilesRoute() {
  const { name = "" } = useParams({ strict: false });
  const facts = useLiveValue(volumeFactsSource);
  const isProtected = facts?.protected.includes(name) ?? false;
  return (
    <VolumePage key={name} name={name} tab="files">
      <FileBrowser volume={name} readOnly={isProtected} />
    </VolumePage>
  );
}

export function VolumeOverviewRoute() {
  const { name = "" } = useParams({ strict: false });
  return (
    <VolumePage key={name} name={name} tab="overview">
      <VolumeOverview name={name} />
    </VolumePage>
  );
}
