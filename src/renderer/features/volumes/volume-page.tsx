import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ActionButtons } from "../../components/screen/action-buttons.tsx";
import { PageHeader } from "../../components/screen/page-header.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { Menu } from "../../components/ui/menu.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { TabLinks, TabPanel } from "../../components/ui/tabs.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList, useLiveValue } from "../../hooks/use-live.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { formatBytes, formatTime } from "../../lib/format.ts";
import { volumeFactsSource, volumesSource } from "../../lib/sources.ts";
import { VolumeDialogs } from "./dialogs/volume-dialogs.tsx";
import { volumeMenu } from "./volume-menu.ts";
import { type VolumeRow, volumeRows } from "./volume-rows.ts";

/** What stands beside the menu too. */
const worded = new Set(["export"]);

function Header({ row }: { readonly row: VolumeRow }) {
  const { t } = useTranslation(["volumes", "common"]);
  const readiness = useReadiness();
  const { volume, isProtected, size } = row;
  const entries = volumeMenu(row, { readiness, open: () => {} }).filter(({ id }) => id !== "browse");
  return (
    <PageHeader
      back={{ to: "/volumes", label: t("page.back") }}
      title={volume.name}
      actions={
        <div className="flex items-center gap-1">
          <ActionButtons actions={entries.filter(({ id }) => worded.has(id))} worded={worded} />
          <Menu
            align="end"
            entries={entries}
            trigger={<IconButton icon={Ellipsis} label={t("page.actions", { name: volume.name })} />}
          />
        </div>
      }
    >
      {isProtected && <Badge>{t("protected")}</Badge>}
      <span className="text-muted">
        {[volume.driver, size && formatBytes(size.sizeBytes)].filter(Boolean).join(" · ")}
      </span>
    </PageHeader>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** What a volume is, and who uses it. */
export function VolumeOverview({ name }: { readonly name: string }) {
  const { t } = useTranslation(["volumes", "common"]);
  const volume = useLiveList(volumesSource).items?.find((item) => item.name === name);
  if (!volume) return null;
  const pairs = (record: Readonly<Record<string, string>>): string =>
    Object.entries(record)
      .map(([key, value]) => `${key}=${value}`)
      .join(", ") || t("common:none");
  return (
    <div tabIndex={0} role="region" aria-label={t("tab.overview")} className="h-full overflow-y-auto p-4">
      <dl className="grid max-w-200 grid-cols-[120px_1fr] gap-x-4 gap-y-2">
        <Row label={t("column.driver")}>{volume.driver}</Row>
        <Row label={t("column.mountpoint")}>
          <span className="font-mono text-sm">{volume.mountpoint}</span>
        </Row>
        {volume.createdAt !== undefined && <Row label={t("common:created")}>{formatTime(volume.createdAt)}</Row>}
        <Row label={t("createVolume.options")}>{pairs(volume.options)}</Row>
        <Row label={t("createVolume.labels")}>{pairs(volume.labels)}</Row>
        <Row label={t("column.usedBy")}>
          {volume.usedBy.length === 0 ? (
            t("unused")
          ) : (
            <ul>
              {volume.usedBy.map((use) => (
                <li key={`${use.id} ${use.destination}`}>
                  <Link to="/containers/$id" params={{ id: use.id.slice(0, 12) }} className="text-link underline">
                    {use.name}
                  </Link>{" "}
                  <span className="font-mono text-sm">{use.destination}</span>{" "}
                  <span className="text-muted">
                    {use.running ? t("use.running") : t("use.stopped")}
                    {use.readOnly ? `, ${t("use.readOnly")}` : ""}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Row>
      </dl>
    </div>
  );
}

interface VolumePageProps {
  readonly name: string;
  readonly tab: "files" | "overview";
  readonly children: ReactNode;
}

/** One volume: its header and actions stay, the tabs are routes of their own. */
export function VolumePage({ name, tab, children }: VolumePageProps) {
  const { t } = useTranslation(["volumes", "common"]);
  const list = useLiveList(volumesSource);
  const facts = useLiveValue(volumeFactsSource);
  const readiness = useReadiness();
  useTitle(name);
  const row = volumeRows(list.items ?? [], facts).find(({ volume }) => volume.name === name);
  if (!row) {
    if (list.items === undefined) return readiness.ready ? <Skeleton what={name} /> : null;
    const back = (
      <Link to="/volumes" className="text-link underline">
        {t("page.back")}
      </Link>
    );
    return <EmptyState title={t("page.gone", { name })} body={t("page.goneBody")} action={back} />;
  }
  const tabs = (["files", "overview"] as const).map((id) => ({
    id,
    label: t(`tab.${id}`),
    to: `/volumes/$name/${id}`,
    params: { name },
  }));
  return (
    <section aria-label={name} className="flex h-full min-h-0 flex-col">
      <header className="shrink-0 border-b border-line">
        <Header row={row} />
        <TabLinks label={t("page.tabs", { name })} tabs={tabs} current={tab} />
      </header>
      <TabPanel id={tab} className="overflow-hidden">
        {children}
      </TabPanel>
      <VolumeDialogs />
    </section>
  );
}
