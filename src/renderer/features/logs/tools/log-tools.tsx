import { ArrowDownToLine } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../components/ui/button.tsx";
import type { LogSession } from "../model/log-session.ts";
import { TimeRangeMenu } from "../time/time-range-menu.tsx";
import { LevelsMenu } from "./levels-menu.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { SearchBar } from "./search-bar.tsx";
import type { ChangeLogSearch, LogSearch } from "./use-log-search.ts";
import { ViewMenu } from "./view-menu.tsx";

interface LogToolsProps {
  readonly session: LogSession;
  readonly search: LogSearch;
  readonly onChange: ChangeLogSearch;
  readonly troubleId: string;
  readonly onDownload: () => void;
  readonly onSizes: () => void;
}

function FollowButton({ session }: { readonly session: LogSession }) {
  const { t } = useTranslation("logs");
  const { subscribe, view } = session.window;
  const following = useSyncExternalStore(subscribe, () => view().following);
  return (
    <Button
      tone="quiet"
      icon={ArrowDownToLine}
      aria-pressed={following}
      data-tip={t("followTip")}
      onClick={() => (following ? session.window.release() : session.window.follow())}
      className="aria-pressed:bg-selected aria-pressed:text-accent"
    >
      {t("follow")}
    </Button>
  );
}

/** One quiet line: search at the left, how it is shown at the right. */
export function LogTools(props: LogToolsProps) {
  const { session, search, onChange } = props;
  const { t } = useTranslation("logs");
  return (
    <div
      role="group"
      aria-label={t("tools.label")}
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-1.5"
    >
      <SearchBar session={session} search={search} onChange={onChange} troubleId={props.troubleId} />
      <div className="ml-auto flex flex-wrap items-center gap-0.5">
        <LevelsMenu levels={search.levels} onChange={(levels) => onChange({ levels })} />
        <TimeRangeMenu session={session} search={search} onChange={onChange} />
        <ViewMenu />
        <FollowButton session={session} />
        <MoreMenu session={session} onDownload={props.onDownload} onSizes={props.onSizes} />
      </div>
    </div>
  );
}
