import { useTranslation } from "react-i18next";
import type { EngineState } from "#contract";
import { useLink } from "../lib/link.ts";
import { engineSource } from "../lib/sources.ts";
import { useLiveValue } from "./use-live.ts";

const connecting: EngineState = { status: "connecting" };

export function useEngine(): EngineState {
  return useLiveValue(engineSource) ?? connecting;
}

/** Whether the engine can be told to do something now; if not, the reason stands on every disabled action. */
export type Readiness =
  | { readonly ready: true; readonly reason?: undefined }
  | { readonly ready: false; readonly reason: string };

const ready: Readiness = { ready: true };

export function useReadiness(): Readiness {
  const { t } = useTranslation("shell");
  const { status } = useEngine();
  const link = useLink((state) => state.status);
  if (link === "lost" || link === "ended") return { ready: false, reason: t("reason.link") };
  if (status === "connected") return ready;
  return { ready: false, reason: t(`reason.${status}`) };
}
