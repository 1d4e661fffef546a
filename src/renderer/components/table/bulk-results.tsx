import { useTranslation } from "react-i18next";
import { Dialog } from "../ui/dialog.tsx";
import { StateChip } from "../ui/state-chip.tsx";
import { useBulkResults } from "./run-bulk.ts";

/** The result of each object of the last bulk action, on demand. Mounted once, in the shell. */
export function BulkResultsDialog() {
  const { t } = useTranslation();
  const shown = useBulkResults((state) => state.shown);
  const lines = shown?.lines ?? [];
  const failed = lines.filter(({ error }) => error !== undefined).length;
  return (
    <Dialog
      open={shown !== undefined}
      onClose={() => useBulkResults.setState({ shown: undefined })}
      title={t("bulk.title", { verb: shown?.verb ?? "", failed, count: lines.length })}
      wide
    >
      <ul className="flex max-h-[50vh] flex-col gap-2 overflow-y-auto" tabIndex={0}>
        {lines.map(({ name, error }) => (
          <li key={name} className="flex flex-col">
            <StateChip tone={error ? "failed" : "running"} label={error ? name : `${name}: ${t("bulk.ok")}`} />
            {error && <span className="pl-4 text-muted select-text">{error}</span>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
