import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LogSourceSpec } from "#contract";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useContainer } from "../../hooks/use-container.ts";
import { useSettings } from "../../hooks/use-settings.ts";
import { useLogSearch } from "./tools/use-log-search.ts";
import { LogViewer } from "./view/log-viewer.tsx";
import { useLogSession } from "./view/use-log-session.ts";

const noneHidden: ReadonlySet<number> = new Set();

/** The log of one container, as a tab of its page. */
export function LogTab() {
  const { t } = useTranslation("logs");
  const { id: wanted = "" } = useParams({ strict: false });
  const { details } = useContainer(wanted);
  const { settings } = useSettings();
  const { search, change } = useLogSearch();
  // The page knows it by whatever stands in its URL; the log by the container itself.
  const id = details?.id ?? wanted;
  const sources = useMemo((): LogSourceSpec[] => [{ kind: "container", id }], [id]);
  const session = useLogSession({ sources, settings, search, hidden: noneHidden });
  const name = details?.name ?? wanted;
  if (!session) return <Skeleton what={name} />;
  return <LogViewer session={session} search={search} onChange={change} label={t("label", { name })} name={name} />;
}
