import i18next from "i18next";
import {
  Archive,
  ArchiveRestore,
  Copy,
  CopyPlus,
  Eraser,
  FolderOpen,
  Ruler,
  ShieldCheck,
  ShieldOff,
  Trash2,
} from "lucide-react";
import type { RowAction } from "../../components/table/table-row.tsx";
import type { Readiness } from "../../hooks/use-engine.ts";
import { copyAndTell } from "../../lib/clipboard.ts";
import { ask, measure, setProtected } from "./volume-actions.ts";
import type { VolumeRow } from "./volume-rows.ts";

type Icon = NonNullable<RowAction["icon"]>;
interface Verb {
  readonly id: string;
  readonly icon: Icon;
  readonly run: () => void;
  readonly inline?: boolean;
  readonly danger?: boolean;
  readonly startsGroup?: boolean;
  readonly disabledReason?: string | undefined;
}

/** The menu of a volume's row, which the page's header shows too. */
export function volumeMenu(
  { volume, isProtected }: VolumeRow,
  { readiness, open }: { readiness: Readiness; open: (name: string) => void },
): readonly RowAction[] {
  const { name, mountpoint, usedBy } = volume;
  const away = readiness.reason;
  const kept = away ?? (isProtected ? i18next.t("volumes:cannot.protected") : undefined);
  const used = usedBy.length > 0 ? i18next.t("volumes:cannot.used") : undefined;
  const running = usedBy.some((use) => use.running) ? i18next.t("volumes:cannot.running") : undefined;
  const verbs: readonly Verb[] = [
    { id: "browse", icon: FolderOpen, inline: true, run: () => open(name) },
    { id: "export", icon: Archive, inline: true, disabledReason: away, run: () => ask({ kind: "export", name }) },
    { id: "import", icon: ArchiveRestore, disabledReason: kept, run: () => ask({ kind: "import", name }) },
    { id: "clone", icon: CopyPlus, disabledReason: away, run: () => ask({ kind: "clone", name }) },
    { id: "measure", icon: Ruler, disabledReason: away, run: () => measure([name]) },
    {
      id: isProtected ? "unprotect" : "protect",
      icon: isProtected ? ShieldOff : ShieldCheck,
      disabledReason: away,
      startsGroup: true,
      run: () => setProtected(name, !isProtected),
    },
    { id: "empty", icon: Eraser, disabledReason: kept ?? running, run: () => ask({ kind: "empty", name }) },
    {
      id: "remove",
      icon: Trash2,
      inline: true,
      danger: true,
      disabledReason: kept ?? used,
      run: () => ask({ kind: "remove", name }),
    },
  ];
  const copies: readonly RowAction[] = [
    {
      id: "copy",
      label: i18next.t("volumes:copyName", { name }),
      icon: Copy,
      startsGroup: true,
      run: () => void copyAndTell(name),
    },
    {
      id: "path",
      label: i18next.t("volumes:copyMountpoint", { name }),
      icon: Copy,
      run: () => void copyAndTell(mountpoint),
    },
  ];
  const actions = verbs.map(({ id, ...rest }): RowAction => {
    const label = i18next.t(`volumes:verb.${id}` as "volumes:verb.export");
    return { ...rest, id, label, name: `${label} ${name}` };
  });
  return [...actions, ...copies];
}

/** What can be done with the selected volumes; those that may not be removed are left out of a removal. */
export function volumeBulk(rows: readonly VolumeRow[], readiness: Readiness): readonly RowAction[] {
  const away = readiness.reason;
  const names = rows.map(({ volume }) => volume.name);
  const removable = rows.filter(({ volume, isProtected }) => !isProtected && volume.usedBy.length === 0);
  return [
    {
      id: "measure",
      label: i18next.t("volumes:verb.measure"),
      icon: Ruler,
      disabledReason: away,
      run: () => measure(names.slice(0, 500)),
    },
    {
      id: "remove",
      label: i18next.t("volumes:verb.remove"),
      icon: Trash2,
      danger: true,
      disabledReason: away ?? (removable.length === 0 ? i18next.t("volumes:cannot.usedAll") : undefined),
      run: () => ask({ kind: "removeMany", names: removable.map(({ volume }) => volume.name) }),
    },
  ];
}
