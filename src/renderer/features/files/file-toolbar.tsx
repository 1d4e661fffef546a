import { FolderPlus, FolderUp, RotateCw, Upload } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { focusRows } from "../../components/table/use-row-focus.ts";
import { Button } from "../../components/ui/button.tsx";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { formatNumber } from "../../lib/format.ts";
import { Breadcrumbs } from "./breadcrumbs.tsx";
import { fromPicked, pickFolder } from "./upload-set.ts";
import { offerUpload } from "./uploads.ts";

interface FileToolbarProps {
  readonly place: { readonly volume: string; readonly folder: string };
  /** Entries of the folder, once it was read. */
  readonly count: number | undefined;
  readonly query: string;
  /** Why nothing can be changed. */
  readonly locked: string | undefined;
  readonly onQuery: (query: string) => void;
  readonly onGo: (path: string) => void;
  readonly onRefresh: () => void;
  readonly onNewFolder: () => void;
}

/** Where one is, and what can be done with the folder as a whole. */
export function FileToolbar(props: FileToolbarProps) {
  const { place, count, query, locked, onQuery, onGo, onRefresh, onNewFolder } = props;
  const { t } = useTranslation("files");
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <Breadcrumbs volume={place.volume} path={place.folder} onGo={onGo} />
      <span role="status" className="text-sm text-muted">
        {count !== undefined && t("count", { count, shown: formatNumber(count) })}
      </span>
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <SearchField
          main
          label={t("search")}
          value={query}
          onChange={onQuery}
          onArrowDown={focusRows}
          className="w-40"
        />
        <IconButton icon={RotateCw} label={t("refresh")} onClick={onRefresh} />
        <Button icon={FolderPlus} disabledReason={locked} onClick={onNewFolder}>
          {t("newFolder")}
        </Button>
        <IconButton
          icon={FolderUp}
          label={t("wholeFolder")}
          disabledReason={locked}
          onClick={() => void offerUpload(place, pickFolder())}
        />
        <Button tone="primary" icon={Upload} disabledReason={locked} onClick={() => picker.current?.click()}>
          {t("upload")}
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t("upload")}
          onChange={(event) => {
            void offerUpload(place, fromPicked([...(event.target.files ?? [])]));
            event.target.value = "";
          }}
        />
      </div>
    </div>
  );
}
