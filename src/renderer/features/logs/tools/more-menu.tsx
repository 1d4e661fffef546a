import i18next from "i18next";
import { Copy, Download, Ellipsis, Eraser, FileClock, HardDrive, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { Menu, type MenuEntry } from "../../../components/ui/menu.tsx";
import { copyText } from "../../../lib/clipboard.ts";
import { formatNumber } from "../../../lib/format.ts";
import { notify, reportError } from "../../../lib/notify.ts";
import { everything, readText } from "../model/copy-lines.ts";
import type { LogSession } from "../model/log-session.ts";

/** Copies all rows that are shown, as clean text. */
async function copyAll(session: LogSession): Promise<void> {
  try {
    const read = await readText(session, everything(session));
    if (!read) notify({ title: i18next.t("logs:tools.tooMuch") });
    else if (await copyText(read.text)) {
      const count = read.lines;
      notify({ title: i18next.t("logs:tools.copied", { count, formatted: formatNumber(count) }) });
    }
  } catch (error) {
    reportError(error);
  }
}

interface MoreMenuProps {
  readonly session: LogSession;
  readonly onDownload: () => void;
  readonly onSizes: () => void;
}

/** What is done with a log now and then. */
export function MoreMenu({ session, onDownload, onSizes }: MoreMenuProps) {
  const { t } = useTranslation("logs");
  const isCleared = session.store((state) => state.isCleared);
  const isComplete = session.store(({ status }) => status?.sources.every(({ complete }) => complete) ?? true);
  const isLoading = session.store(({ load }) => load !== undefined);
  const entries: MenuEntry[] = [
    { id: "copy", label: t("tools.copyAll"), icon: Copy, run: () => void copyAll(session) },
    { id: "download", label: t("tools.download"), icon: Download, run: onDownload },
    {
      id: "load",
      label: t("tools.loadAll"),
      icon: FileClock,
      startsGroup: true,
      disabledReason: isComplete ? t("status.complete") : isLoading ? t("status.reading") : undefined,
      run: () => void session.loadAll(),
    },
    {
      id: "clear",
      label: t(isCleared ? "tools.showCleared" : "tools.clear"),
      icon: isCleared ? Undo2 : Eraser,
      run: () => session.setCleared(!isCleared),
    },
    { id: "sizes", label: t("tools.sizes"), icon: HardDrive, startsGroup: true, run: onSizes },
  ];
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={t("tools.more")} className="size-7" />}
      entries={entries}
      align="end"
    />
  );
}
