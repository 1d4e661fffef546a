import { useTranslation } from "react-i18next";
import { Dialog } from "../../components/ui/dialog.tsx";
import { Kbd } from "../../components/ui/kbd.tsx";
import { isMac } from "../../lib/platform.ts";
import { screens } from "../screens.ts";

interface ShortcutProps {
  readonly label: string;
  readonly keys: readonly string[];
}

function Shortcut({ label, keys }: ShortcutProps) {
  return (
    <div className="flex items-center justify-between gap-4 py-1">
      <dt>{label}</dt>
      <dd className="flex shrink-0 gap-1.5">
        {keys.map((key) => (
          <Kbd key={key} keys={key} />
        ))}
      </dd>
    </div>
  );
}

/** Every shortcut, in one list. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("shell");
  const general: [string, string[]][] = [
    [t("shortcuts.palette"), ["mod+k"]],
    [t("shortcuts.search"), ["/", "mod+f"]],
    [t("shortcuts.help"), ["?"]],
    [t("shortcuts.goto"), ["alt+1", `alt+${screens.length}`]],
    [t("shortcuts.back"), [isMac ? "mod+[" : "alt+ArrowLeft"]],
    [t("shortcuts.forward"), [isMac ? "mod+]" : "alt+ArrowRight"]],
    [t("shortcuts.sidebar"), ["mod+b"]],
  ];
  const lists: [string, string[]][] = [
    [t("shortcuts.rows"), ["ArrowUp", "ArrowDown"]],
    [t("shortcuts.pages"), ["Home", "End", "PageUp", "PageDown"]],
    [t("shortcuts.open"), ["Enter"]],
    [t("shortcuts.menu"), ["shift+F10"]],
    [t("shortcuts.select"), [" "]],
    [t("shortcuts.range"), ["shift+ArrowDown"]],
    [t("shortcuts.all"), ["mod+a"]],
    [t("shortcuts.clear"), ["Escape"]],
  ];
  const sections: [string, [string, string[]][]][] = [
    [t("shortcuts.general"), general],
    [t("shortcuts.lists"), lists],
  ];
  return (
    <Dialog open onClose={onClose} title={t("shortcuts.title")} wide>
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {sections.map(([title, entries]) => (
          <section key={title}>
            <h3 className="mb-1 text-sm font-medium text-muted">{title}</h3>
            <dl className="flex flex-col">
              {entries.map(([label, keys]) => (
                <Shortcut key={label} label={label} keys={keys} />
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="text-sm text-muted">{t("shortcuts.off")}</p>
    </Dialog>
  );
}
