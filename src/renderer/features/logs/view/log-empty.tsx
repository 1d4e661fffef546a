import { Eraser, ScrollText, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../components/ui/button.tsx";
import { EmptyState } from "../../../components/ui/empty-state.tsx";
import { ErrorState } from "../../../components/ui/error-state.tsx";
import { Skeleton } from "../../../components/ui/skeleton.tsx";
import { formatNumber } from "../../../lib/format.ts";
import type { LogSession } from "../model/log-session.ts";
import type { ChangeLogSearch } from "../tools/use-log-search.ts";
import { useCalm } from "./use-calm.ts";

interface LogEmptyProps {
  readonly session: LogSession;
  /** The container's name; undefined where there are several. */
  readonly name: string | undefined;
  readonly onChange: ChangeLogSearch;
  readonly onShowSources: () => void;
}

/** What stands in the place of lines where none are shown: why, and how to see some. */
export function LogEmpty({ session, name, onChange, onShowSources }: LogEmptyProps) {
  const { t } = useTranslation("logs");
  const error = session.store((state) => state.error);
  const isCleared = session.store((state) => state.isCleared);
  const status = useCalm(session.store, (state) => state.status, 100);
  if (!status)
    return error ? <ErrorState title={t("failed")} message={error.message} /> : <Skeleton what={t("title")} />;
  if (status.count > 0) return null;
  const lines = status.sources.reduce((sum, source) => sum + source.lines, 0);
  const failed = status.sources.find(({ state }) => state === "failed");
  if (failed && status.sources.length === 1) return <ErrorState title={t("failed")} message={failed.error ?? ""} />;
  if (status.sources.some(({ state }) => state === "reading")) return <Skeleton what={t("title")} />;
  if (isCleared) {
    const action = <Button onClick={() => session.setCleared(false)}>{t("empty.showCleared")}</Button>;
    return <EmptyState icon={Eraser} title={t("empty.cleared")} body={t("empty.clearedBody")} action={action} />;
  }
  if (lines > 0) {
    const showAll = (): void => {
      onChange({ only: undefined, invert: undefined, levels: undefined, from: undefined, to: undefined });
      onShowSources();
    };
    const body = t("empty.hiddenBody", { formatted: formatNumber(lines) });
    return (
      <EmptyState
        icon={SearchX}
        title={t("empty.hidden")}
        body={body}
        action={<Button onClick={showAll}>{t("empty.showAll")}</Button>}
      />
    );
  }
  if (name !== undefined && status.sources.every(({ state }) => state === "past")) {
    return <EmptyState icon={ScrollText} title={t("empty.past", { name })} body={t("empty.pastBody")} />;
  }
  const title = name === undefined ? t("empty.titleMerged") : t("empty.title", { name });
  return <EmptyState icon={ScrollText} title={title} body={t("empty.body")} />;
}
