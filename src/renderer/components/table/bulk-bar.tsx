import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import type { RowAction } from "./table-row.tsx";

interface BulkBarProps {
  readonly count: number;
  readonly actions: readonly RowAction[];
  readonly onClear: () => void;
}

/** What can be done with the selected rows. It lies over the foot of the list, so that no row moves. */
export function BulkBar({ count, actions, onClear }: BulkBarProps) {
  const { t } = useTranslation();
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-30 flex justify-center px-3">
      <div
        role="toolbar"
        aria-label={t("table.bulk")}
        className="popup pointer-events-auto flex max-w-full flex-wrap items-center gap-1 py-1.5 pr-1.5 pl-3"
      >
        <span role="status" className="mr-2 font-medium whitespace-nowrap">
          {t("table.selected", { count })}
        </span>
        {actions.map((action) => (
          <Button
            key={action.id}
            tone="quiet"
            {...(action.icon ? { icon: action.icon } : {})}
            disabledReason={action.disabledReason}
            onClick={action.run}
            className={action.danger ? "text-failed" : ""}
            aria-label={action.name}
          >
            {action.label}
          </Button>
        ))}
        <IconButton icon={X} label={t("table.clearSelection")} onClick={onClear} />
      </div>
    </div>
  );
}
