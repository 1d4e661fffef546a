import { Link, Outlet, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerDetails } from "#contract";
import { ActionButtons } from "../../components/screen/action-buttons.tsx";
import { PageHeader } from "../../components/screen/page-header.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Mono } from "../../components/ui/mono.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { type TabLink, TabLinks, TabPanel } from "../../components/ui/tabs.tsx";
import { useFollowContainer } from "../../hooks/use-container.ts";
import { useEngine, useReadiness } from "../../hooks/use-engine.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { classes } from "../../lib/classes.ts";
import { shortId } from "../../lib/format.ts";
import { usePendingVerb } from "../../lib/pending.ts";
import { objectOf } from "./container-actions.ts";
import { verbAction, verbsFor } from "./container-menu.ts";
import { ContainerDialogs } from "./dialogs/container-dialogs.tsx";
import { ContainerStateChip } from "./state-cell.tsx";
import type { ContainerTab, TabContext } from "./tabs.ts";

const wordedVerbs: ReadonlySet<string> = new Set(["start", "stop", "restart"]);

function HeaderActions({ details }: { readonly details: ContainerDetails }) {
  const readiness = useReadiness();
  const pending = usePendingVerb(objectOf(details.id));
  const actions = verbsFor(details).map((verb) => verbAction(verb, details, { readiness, pending }));
  return <ActionButtons actions={actions} worded={wordedVerbs} pending={pending} />;
}

function Header({ details, removed }: { readonly details: ContainerDetails; readonly removed: boolean }) {
  const { t } = useTranslation(["containers", "common"]);
  const { ready } = useReadiness();
  return (
    <PageHeader
      back={{ to: "/containers", label: t("page.backToList") }}
      title={details.name}
      actions={removed ? undefined : <HeaderActions details={details} />}
    >
      {!removed && (
        <span className={classes("flex", !ready && "outdated")}>
          <ContainerStateChip container={{ ...details, health: details.health.status }} />
        </span>
      )}
      <span className="hidden min-w-0 md:block">
        <Mono text={details.image} className="text-muted" />
      </span>
    </PageHeader>
  );
}

function useTabLinks(id: string, tabs: readonly ContainerTab[], details: ContainerDetails): readonly TabLink[] {
  const { t } = useTranslation(["containers", "common"]);
  const context: TabContext = { engine: useEngine(), details };
  return tabs.flatMap(({ id: tab, available }) => {
    const offered = available?.(context) ?? true;
    if (offered === false) return [];
    const disabledReason = offered === true ? undefined : offered;
    return [{ id: tab, label: t(`tab.${tab}`), to: `/containers/$id/${tab}`, params: { id }, disabledReason }];
  });
}

interface LoadedProps {
  readonly id: string;
  readonly details: ContainerDetails;
  readonly removed: boolean;
  readonly tabs: readonly ContainerTab[];
}

function Loaded({ id, details, removed, tabs }: LoadedProps) {
  const { t } = useTranslation(["containers", "common"]);
  const { pathname } = useLocation();
  const current = tabs.find((tab) => pathname.endsWith(`/${tab.id}`))?.id ?? "overview";
  const links = useTabLinks(id, tabs, details);
  const { ready } = useReadiness();
  // A log stays what it is, whether its engine answers or not.
  const isOutdated = !ready && current !== "logs";
  return (
    <section aria-label={details.name} className="flex h-full min-h-0 flex-col">
      <header className="shrink-0 border-b border-line">
        <Header details={details} removed={removed} />
        <TabLinks label={t("page.tabs", { name: details.name })} tabs={links} current={current} />
      </header>
      {removed && (
        <p role="status" className="border-b border-line bg-paused-tint px-4 py-1.5 text-paused">
          <strong className="font-medium">{t("page.removed", { name: details.name })}.</strong> {t("page.removedBody")}
        </p>
      )}
      <TabPanel id={current} className={classes("overflow-hidden", isOutdated && "outdated")}>
        <Outlet />
      </TabPanel>
      <ContainerDialogs />
    </section>
  );
}

function BackToList(): ReactNode {
  const { t } = useTranslation(["containers", "common"]);
  return (
    <Link to="/containers" className="text-link underline">
      {t("page.backToList")}
    </Link>
  );
}

interface ContainerPageProps {
  readonly id: string;
  readonly tabs: readonly ContainerTab[];
}

/** One container: its header and actions stay, the tabs below are routes of their own. */
export function ContainerPage({ id, tabs }: ContainerPageProps) {
  const { t } = useTranslation(["containers", "common"]);
  const { details, removed, error } = useFollowContainer(id);
  const readiness = useReadiness();
  useTitle(details?.name ?? shortId(id));
  if (details) return <Loaded id={id} details={details} removed={removed} tabs={tabs} />;
  if (error?.code === "not_found" || error?.code === "bad_request") {
    const title = t("page.notFound", { id: shortId(id) });
    return <EmptyState title={title} body={t("page.notFoundBody")} action={<BackToList />} />;
  }
  // The banner above says why the engine is away.
  if (!readiness.ready) return null;
  if (error) return <ErrorState title={t("common:failed")} message={error.message} />;
  return <Skeleton what={shortId(id)} />;
}
