import { Link, useParams } from "@tanstack/react-router";
import { Link2, Network, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { NetworkMember, NetworkSummary } from "#contract";
import { PageHeader } from "../../components/screen/page-header.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { useLiveList } from "../../hooks/use-live.ts";
import { useTitle } from "../../hooks/use-title.ts";
import { formatTime, shortId } from "../../lib/format.ts";
import { networksSource } from "../../lib/sources.ts";
import { NetworkDialogs } from "./dialogs/network-dialogs.tsx";
import { ask, disconnect, whyNotConnect } from "./network-actions.ts";
import { useMembers } from "./use-members.ts";

function Facts({ network }: { readonly network: NetworkSummary }) {
  const { t } = useTranslation(["networks", "common"]);
  const { id, subnets, driver, scope, options, labels, createdAt } = network;
  const pairs = (record: Readonly<Record<string, string>>): string =>
    Object.entries(record)
      .map(([key, value]) => `${key}=${value}`)
      .join(", ") || t("common:none");
  return (
    <dl className="grid max-w-200 grid-cols-[120px_1fr] gap-x-4 gap-y-1.5">
      <dt className="text-muted">{t("column.driver")}</dt>
      <dd>{`${driver}, ${scope}`}</dd>
      <dt className="text-muted">{t("column.subnets")}</dt>
      <dd className="font-mono text-sm">
        {subnets.length === 0
          ? t("common:none")
          : subnets.map(({ subnet, gateway, range }) => (
              <div key={subnet}>
                {[subnet, gateway && t("page.gateway", { gateway }), range && t("page.range", { range })]
                  .filter(Boolean)
                  .join(", ")}
              </div>
            ))}
      </dd>
      <dt className="text-muted">{t("column.id")}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <span className="font-mono text-sm">{shortId(id)}</span>
        <CopyButton text={id} name={t("column.id")} />
      </dd>
      <dt className="text-muted">{t("common:created")}</dt>
      <dd>{formatTime(createdAt)}</dd>
      <dt className="text-muted">{t("createNetwork.options")}</dt>
      <dd className="break-words">{pairs(options)}</dd>
      <dt className="text-muted">{t("createNetwork.labels")}</dt>
      <dd className="break-words">{pairs(labels)}</dd>
    </dl>
  );
}

function MemberRow({ network, member }: { readonly network: NetworkSummary; readonly member: NetworkMember }) {
  const { t } = useTranslation("networks");
  const readiness = useReadiness();
  return (
    <tr className="border-t border-line">
      <td className="px-2 py-1.5">
        <Link to="/containers/$id" params={{ id: member.id.slice(0, 12) }} className="text-link underline">
          {member.name}
        </Link>
        {!member.running && <span className="ml-1.5 text-muted">{t("page.stopped")}</span>}
      </td>
      <td className="px-2 py-1.5 font-mono text-sm">
        {[member.ipAddress, member.ipv6Address].filter(Boolean).join(", ")}
      </td>
      <td className="px-2 py-1.5 font-mono text-sm">{member.aliases.join(", ")}</td>
      <td className="px-2 py-1.5 text-right">
        <Button
          aria-label={`${t("verb.disconnect")} ${member.name}`}
          disabledReason={readiness.reason}
          onClick={() => disconnect(network, member)}
        >
          {t("verb.disconnect")}
        </Button>
      </td>
    </tr>
  );
}

function Members({ network }: { readonly network: NetworkSummary }) {
  const { t } = useTranslation(["networks", "common"]);
  const { members, error } = useMembers(network.id);
  if (!members && error) {
    return (
      <p role="alert" className="text-failed">
        {error.message}
      </p>
    );
  }
  if (!members) return <Skeleton what={t("page.members")} />;
  if (members.length === 0) return <p className="text-muted">{t("page.noMembers")}</p>;
  return (
    <div className="overflow-x-auto rounded-md border border-line">
      <table aria-label={t("page.members")} className="w-full text-left">
        <thead className="bg-sunken text-muted">
          <tr>
            <th className="px-2 py-1.5 font-medium">{t("common:name")}</th>
            <th className="px-2 py-1.5 font-medium">{t("page.address")}</th>
            <th className="px-2 py-1.5 font-medium">{t("connect.aliases")}</th>
            <th className="px-2 py-1.5">
              <span className="sr-only">{t("common:table.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow key={member.id} network={network} member={member} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Header({ network }: { readonly network: NetworkSummary }) {
  const { t } = useTranslation("networks");
  const readiness = useReadiness();
  const off = readiness.reason;
  return (
    <header className="shrink-0 border-b border-line">
      <PageHeader
        back={{ to: "/networks", label: t("page.back") }}
        title={network.name}
        actions={
          <div className="flex items-center gap-1.5">
            <Button icon={Network} disabledReason={off} onClick={() => ask({ kind: "reach", network: network.name })}>
              {t("reach.open")}
            </Button>
            <Button
              icon={Link2}
              disabledReason={off ?? whyNotConnect(network)}
              onClick={() => ask({ kind: "connect", network })}
            >
              {t("verb.connect")}
            </Button>
            <Button
              icon={Trash2}
              disabledReason={off ?? (network.builtIn ? t("cannot.builtIn") : undefined)}
              onClick={() => ask({ kind: "remove", network })}
            >
              {t("verb.remove")}
            </Button>
          </div>
        }
      >
        {network.builtIn && <Badge>{t("builtIn")}</Badge>}
        {network.internal && <Badge>{t("internal")}</Badge>}
        {network.ipv6 && <Badge>{t("ipv6")}</Badge>}
      </PageHeader>
    </header>
  );
}

/** One network: what it is and who is on it. */
export function NetworkPage() {
  const { t } = useTranslation("networks");
  const { id = "" } = useParams({ strict: false });
  const list = useLiveList(networksSource);
  const readiness = useReadiness();
  const network = list.items?.find((item) => item.id === id || item.id.startsWith(id));
  useTitle(network?.name ?? id);
  if (!network) {
    if (list.items === undefined) return readiness.ready ? <Skeleton what={id} /> : null;
    const back = (
      <Link to="/networks" className="text-link underline">
        {t("page.back")}
      </Link>
    );
    return <EmptyState title={t("page.gone")} body={t("page.goneBody")} action={back} />;
  }
  return (
    <section aria-label={network.name} className="flex h-full min-h-0 flex-col">
      <Header network={network} />
      <div
        tabIndex={0}
        role="region"
        aria-label={t("page.details")}
        className="flex grow flex-col gap-4 overflow-y-auto p-4"
      >
        <Facts network={network} />
        <h2 className="font-medium">{t("page.members")}</h2>
        <Members network={network} />
      </div>
      <NetworkDialogs />
    </section>
  );
}
