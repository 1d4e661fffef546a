import { Link } from "@tanstack/react-router";
import { CircleAlert, Loader } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { EngineState } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { CommandLine } from "../../components/ui/command-line.tsx";
import { useDelay } from "../../hooks/use-delay.ts";
import { useEngine } from "../../hooks/use-engine.ts";
import { useMachineInFront } from "../../hooks/use-machine.ts";
import { client } from "../../lib/client.ts";
import { useLink } from "../../lib/link.ts";
import type { LiveList } from "../../lib/live-list.ts";
import { reportError } from "../../lib/notify.ts";
import { queryClient } from "../../lib/query-client.ts";
import { containersSource, imagesSource, networksSource, volumesSource } from "../../lib/sources.ts";

const engineLists = [containersSource, imagesSource, volumesSource, networksSource];

/** Whether there is anything on the screens that the engine once told. */
function isAnythingKnown(): boolean {
  return engineLists.some(({ key }) => queryClient.getQueryData<LiveList<unknown>>(key)?.items !== undefined);
}

interface BannerProps {
  readonly title: string;
  readonly body?: string | undefined;
  readonly calm?: boolean;
  readonly children?: ReactNode;
}

function Banner({ title, body, calm, children }: BannerProps) {
  const Icon = calm ? Loader : CircleAlert;
  return (
    <div
      role={calm ? "status" : "alert"}
      className={`flex items-start gap-2.5 border-b border-line px-4 py-2.5 ${calm ? "bg-paused-tint" : "bg-failed-tint"}`}
    >
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${calm ? "text-paused" : "text-failed"}`} />
      <div className="flex min-w-0 grow flex-col gap-1.5">
        <p className="break-words">
          <strong className="font-medium">{title}</strong>
          {body && <span className="text-muted"> · {body}</span>}
        </p>
        {children}
      </div>
    </div>
  );
}

/** Seconds until a time, counted down. */
function useCountdown(atMs: number | undefined): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (atMs === undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [atMs]);
  if (atMs === undefined) return undefined;
  return Math.max(0, Math.ceil((atMs - now) / 1_000));
}

function RetryLine({ retryAt }: { readonly retryAt?: number | undefined }) {
  const { t } = useTranslation("shell");
  const seconds = useCountdown(retryAt);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button onClick={() => void client.engine.reconnect({}).catch(reportError)}>{t("banner.retry")}</Button>
      <Link to="/settings" className="text-link underline underline-offset-2">
        {t("banner.settings")}
      </Link>
      {seconds !== undefined && seconds > 0 && <span className="text-muted">{t("banner.retryIn", { seconds })}</span>}
    </div>
  );
}

function EngineTrouble({ engine }: { readonly engine: EngineState }) {
  const { t } = useTranslation("shell");
  const isSlow = useDelay(engine.status === "connecting", 1_000);
  const stale = isAnythingKnown() ? ` ${t("banner.stale")}` : "";
  switch (engine.status) {
    case "connected":
      return null;
    case "connecting": {
      if (!isSlow) return null;
      const host = engine.endpoint?.host;
      return <Banner calm title={host ? t("banner.connectingTo", { host }) : t("banner.connecting")} />;
    }
    case "degraded":
      return <Banner calm title={t("banner.degraded")} body={engine.why + stale} />;
    case "disconnected":
      return (
        <Banner title={t("banner.disconnected")} body={engine.why + stale}>
          {engine.hints.length > 0 && (
            <ul className="list-disc pl-4 text-muted">
              {engine.hints.map((hint) => (
                <li key={hint} className="break-words select-text">
                  {hint}
                </li>
              ))}
            </ul>
          )}
          <RetryLine retryAt={engine.retryAt} />
        </Banner>
      );
    case "no_permission":
      return (
        <Banner
          title={t("banner.no_permission", { socket: engine.socket })}
          body={t("banner.no_permissionBody", { group: engine.group })}
        >
          <CommandLine command={engine.command} />
          <RetryLine />
        </Banner>
      );
  }
}

/** Says what is wrong with the engine, and what to do; nothing while all is well. */
export function EngineBanner() {
  const { t } = useTranslation("shell");
  const engine = useEngine();
  const link = useLink(({ status }) => status);
  // The machine has the whole screen, or the status bar in Settings, for what it has to say.
  const machine = useMachineInFront();
  if (link === "ended") return <Banner title={t("banner.linkEnded")} body={t("banner.linkEndedBody")} />;
  if (link === "lost") return <Banner calm title={t("banner.linkLost")} body={t("banner.linkLostBody")} />;
  return machine ? null : <EngineTrouble engine={engine} />;
}
