import { useTranslation } from "react-i18next";
import type { ContainerDetails } from "#contract";
import { Fact, Facts, Section } from "../../../components/details/parts.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Mono } from "../../../components/ui/mono.tsx";
import { useNow } from "../../../hooks/use-now.ts";
import { formatAgo, formatDuration, formatTime } from "../../../lib/format.ts";
import { isUp } from "../container-view.ts";
import { exitReason } from "../exit-reason.ts";
import { ContainerStateChip } from "../state-cell.tsx";

function Ending({ details }: { readonly details: ContainerDetails }) {
  const { t } = useTranslation("containers");
  const { exitCode, oomKilled, startedAt, finishedAt } = details;
  if (exitCode === undefined) return null;
  const reason = exitReason(exitCode, oomKilled);
  const words = reason.key === "signal" ? t("exit.signal", { signal: reason.signal }) : t(`exit.${reason.key}`);
  return (
    <>
      <Fact name={t("overview.exitCode")}>
        {exitCode} <span className="text-muted">· {words}</span>
      </Fact>
      {finishedAt !== undefined && <Fact name={t("overview.finished")}>{formatTime(finishedAt)}</Fact>}
      {startedAt !== undefined && finishedAt !== undefined && finishedAt >= startedAt && (
        <Fact name={t("overview.ran")}>{formatDuration(finishedAt - startedAt)}</Fact>
      )}
    </>
  );
}

function Health({ details: { health } }: { readonly details: ContainerDetails }) {
  const { t } = useTranslation("containers");
  if (health.status === "none") return null;
  const tone = health.status === "healthy" ? "running" : health.status === "unhealthy" ? "failed" : "paused";
  return (
    <Fact name={t("overview.health")}>
      <span className="flex items-center gap-2">
        <Badge tone={tone}>{t(`health.${health.status}`)}</Badge>
        {health.failingStreak > 0 && (
          <span className="text-muted">{t("overview.healthStreak", { count: health.failingStreak })}</span>
        )}
      </span>
      {health.probes.length > 0 && (
        <ul className="mt-1 flex flex-col gap-1">
          {[...health.probes].reverse().map((probe) => (
            <li key={probe.startedAt} className="text-sm">
              <span className="text-muted">
                {formatTime(Date.parse(probe.startedAt))} · {t("overview.probeCode", { code: probe.exitCode })}
              </span>
              {probe.output && <Mono wrap text={probe.output.trim()} className="block" />}
            </li>
          ))}
        </ul>
      )}
    </Fact>
  );
}

/** What it is doing, or how it ended. */
export function StateSection({ details }: { readonly details: ContainerDetails }) {
  const { t } = useTranslation("containers");
  const now = useNow();
  const { startedAt, state, restartPolicy, restartCount } = details;
  const policy =
    restartPolicy.name === "on-failure" && restartPolicy.maximumRetryCount > 0
      ? t("overview.policy.on-failureMax", { count: restartPolicy.maximumRetryCount })
      : t(`overview.policy.${restartPolicy.name || "no"}` as "overview.policy.no", {
          defaultValue: restartPolicy.name,
        });
  return (
    <Section title={t("overview.state")}>
      <Facts>
        <Fact name={t("overview.state")}>
          <span className="flex flex-wrap items-center gap-x-2">
            <ContainerStateChip container={{ ...details, health: details.health.status }} />
            {startedAt !== undefined && isUp(state) && (
              <span className="text-muted" data-tip={formatTime(startedAt)}>
                {t("overview.startedAgo", { ago: formatAgo(startedAt, now) })}
              </span>
            )}
          </span>
        </Fact>
        <Ending details={details} />
        {details.error && (
          <Fact name={t("overview.error")}>
            <span className="text-failed">{details.error}</span>
          </Fact>
        )}
        <Health details={details} />
        <Fact name={t("overview.restartPolicy")}>
          {policy}
          {restartCount > 0 && <span className="text-muted"> · {t("overview.restarts", { count: restartCount })}</span>}
          {details.autoRemove && <span className="text-muted"> · {t("overview.autoRemove")}</span>}
        </Fact>
      </Facts>
      {details.privileged && <p className="mt-2 text-paused">{t("overview.privilegedWarning")}</p>}
    </Section>
  );
}
