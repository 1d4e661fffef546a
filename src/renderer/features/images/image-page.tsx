import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ImageDetails } from "#contract";
import { ActionButtons } from "../../components/screen/action-buttons.tsx";
import { PageHeader } from "../../components/screen/page-header.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Mono } from "../../components/ui/mono.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { TabLinks, TabPanel } from "../../components/ui/tabs.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { shortId } from "../../lib/format.ts";
import { ImageDialogs } from "./dialogs/image-dialogs.tsx";
import { imageMenu, type Target } from "./image-actions.ts";
import { useImage } from "./page/use-image.ts";

const tabs = ["overview", "layers", "files", "containers", "inspect"] as const;
const worded: ReadonlySet<string> = new Set(["run", "push"]);
const shown: ReadonlySet<string> = new Set(["run", "push", "tag", "pullAgain", "save", "remove"]);

function targetOf({ id, tags }: ImageDetails): Target {
  const [reference] = tags;
  return { id, tags, reference, name: reference ?? shortId(id) };
}

function Header({ details }: { readonly details: ImageDetails }) {
  const { t } = useTranslation("images");
  const readiness = useReadiness();
  const target = targetOf(details);
  const actions = imageMenu(target, readiness).filter(({ id }) => shown.has(id));
  return (
    <PageHeader
      back={{ to: "/images", label: t("page.back") }}
      title={target.name}
      actions={<ActionButtons actions={actions} worded={worded} />}
    >
      <span className="hidden min-w-0 md:block">
        <Mono text={shortId(details.id)} className="text-muted" />
      </span>
    </PageHeader>
  );
}

function Loaded({ id, details }: { readonly id: string; readonly details: ImageDetails }) {
  const { t } = useTranslation("images");
  const { pathname } = useLocation();
  const current = tabs.find((tab) => pathname.endsWith(`/${tab}`)) ?? "overview";
  const { name } = targetOf(details);
  const links = tabs.map((tab) => ({ id: tab, label: t(`tab.${tab}`), to: `/images/$id/${tab}`, params: { id } }));
  return (
    <section aria-label={name} className="flex h-full min-h-0 flex-col">
      <header className="shrink-0 border-b border-line">
        <Header details={details} />
        <TabLinks label={t("page.tabs", { name })} tabs={links} current={current} />
      </header>
      <TabPanel id={current} className="overflow-hidden">
        <Outlet />
      </TabPanel>
      <ImageDialogs />
    </section>
  );
}

/** One image: its header and actions stay, the tabs below are routes of their own. */
export function ImagePage() {
  const { t } = useTranslation(["images", "common"]);
  const readiness = useReadiness();
  const { id, details, error } = useImage();
  useTitle(details?.tags[0] ?? shortId(id));
  if (details) return <Loaded key={id} id={id} details={details} />;
  if (error?.code === "not_found" || error?.code === "bad_request") {
    const back = (
      <Link to="/images" className="text-link underline">
        {t("images:page.back")}
      </Link>
    );
    return (
      <EmptyState
        title={t("images:page.notFound", { id: shortId(id) })}
        body={t("images:page.notFoundBody")}
        action={back}
      />
    );
  }
  // The banner above says why the engine is away.
  if (!readiness.ready) return null;
  if (error) return <ErrorState title={t("common:failed")} message={error.message} />;
  return <Skeleton what={shortId(id)} />;
}
