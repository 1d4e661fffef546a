import { useParams } from "@tanstack/react-router";
import { Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ContainerDetails } from "#contract";
import { Fact, Facts, Section } from "../../components/details/parts.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Mono } from "../../components/ui/mono.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useContainer } from "../../hooks/use-container.ts";
import { useNow } from "../../hooks/use-now.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { joinCommand } from "../../lib/command-line.ts";
import { formatAgo, formatTime, shortId } from "../../lib/format.ts";
import { LabelsSection, MountsSection, NetworksSection, PortsSection } from "./overview/attached-sections.tsx";
import { EnvSection } from "./overview/env-section.tsx";
import { StateSection } from "./overview/state-section.tsx";
import { runCommand } from "./run-command.ts";

/** For the terminal; it holds the values of the environment, as the container does. */
function CopyAsRun({ details }: { readonly details: ContainerDetails }) {
  const { t } = useTranslation("containers");
  const copy = (): void => void copyAndTell(runCommand(details));
  return (
    <Button tone="quiet" icon={Copy} className="ml-auto" onClick={copy}>
      {t("overview.copyRun")}
    </Button>
  );
}

function GeneralSection({ details }: { readonly details: ContainerDetails }) {
  const { t } = useTranslation(["containers", "common"]);
  const now = useNow();
  const { command, workingDir, user, hostname } = details;
  return (
    <Section title={t("overview.general")} tools={<CopyAsRun details={details} />}>
      <Facts>
        <Fact name={t("overview.image")}>
          <Mono wrap text={details.image} copyName={t("overview.image")} />
        </Fact>
        <Fact name={t("overview.imageId")}>
          <Mono text={shortId(details.imageId)} />
        </Fact>
        <Fact name={t("overview.id")}>
          <span className="inline-flex">
            <Mono text={shortId(details.id)} copyName={t("overview.id")} />
          </span>
        </Fact>
        <Fact name={t("overview.command")}>
          <Mono wrap text={joinCommand(command)} copyName={t("overview.command")} />
        </Fact>
        {workingDir && (
          <Fact name={t("overview.workingDir")}>
            <Mono wrap text={workingDir} />
          </Fact>
        )}
        {user && <Fact name={t("overview.user")}>{user}</Fact>}
        {hostname && (
          <Fact name={t("overview.hostname")}>
            <Mono text={hostname} />
          </Fact>
        )}
        <Fact name={t("overview.created")}>
          {formatTime(details.createdAt)} <span className="text-muted">· {formatAgo(details.createdAt, now)}</span>
        </Fact>
        <Fact name={t("overview.tty")}>{t(details.tty ? "common:yes" : "common:no")}</Fact>
        <Fact name={t("overview.logDriver")}>{details.logDriver}</Fact>
      </Facts>
    </Section>
  );
}

/** What the container is, in one page: how it is, what it was made of, what it is attached to. */
export function ContainerOverview() {
  const { t } = useTranslation(["containers", "common"]);
  const { id = "" } = useParams({ strict: false });
  const { details } = useContainer(id);
  if (!details) return <Skeleton what={t("tab.overview")} />;
  return (
    <section aria-label={t("tab.overview")} tabIndex={0} className="focus-inset h-full overflow-y-auto">
      <div className="grid lg:grid-cols-2">
        <div className="border-line lg:border-r">
          <StateSection details={details} />
          <PortsSection details={details} />
        </div>
        <GeneralSection details={details} />
      </div>
      <div className="border-t border-line">
        <EnvSection env={details.env} />
        <MountsSection details={details} />
        <NetworksSection details={details} />
        <LabelsSection details={details} />
      </div>
    </section>
  );
}
