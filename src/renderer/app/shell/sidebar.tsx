import { Link, useLocation } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { useChangeSettings, useSettings } from "../../hooks/use-settings.ts";
import { classes } from "../../lib/classes.ts";
import { type Screen, screens } from "../screens.ts";

interface NavLinkProps {
  readonly screen: Screen;
  readonly folded: boolean;
}

function NavLink({ screen, folded }: NavLinkProps) {
  const { t } = useTranslation("shell");
  const { pathname } = useLocation();
  const current = pathname === screen.to || pathname.startsWith(`${screen.to}/`);
  const label = t(`nav.${screen.id}`);
  const Icon = screen.icon;
  return (
    <Link
      to={screen.to}
      aria-current={current ? "page" : undefined}
      aria-label={label}
      data-tip={folded ? label : undefined}
      className={classes(
        "flex h-8 items-center gap-2.5 rounded-md px-2.5",
        current ? "bg-active font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
      )}
    >
      <Icon size={16} aria-hidden className={classes("shrink-0", current && "text-accent")} />
      <span className={folded ? "hidden" : "truncate max-md:hidden"}>{label}</span>
    </Link>
  );
}

/** Where one can go. Folds to icons by its button, and by itself in a narrow window. */
export function Sidebar() {
  const { t } = useTranslation("shell");
  const { sidebarCollapsed: folded } = useSettings().settings;
  const change = useChangeSettings();
  const [main, settings] = [
    screens.filter(({ id }) => id !== "settings"),
    screens.filter(({ id }) => id === "settings"),
  ];
  const list = (items: readonly Screen[]) => (
    <ul className="flex flex-col gap-0.5">
      {items.map((screen) => (
        <li key={screen.id}>
          <NavLink screen={screen} folded={folded} />
        </li>
      ))}
    </ul>
  );
  return (
    <nav
      aria-label={t("nav.label")}
      className={classes(
        "flex shrink-0 flex-col gap-0.5 overflow-y-auto px-2 py-2.5",
        folded ? "w-(--sidebar-folded)" : "w-(--sidebar-width) max-md:w-(--sidebar-folded)",
      )}
    >
      {list(main)}
      <div className="mt-auto flex flex-col gap-0.5">
        {list(settings)}
        <IconButton
          icon={folded ? PanelLeftOpen : PanelLeftClose}
          label={t(folded ? "unfold" : "fold")}
          aria-expanded={!folded}
          onClick={() => change({ sidebarCollapsed: !folded })}
          className="ml-1 size-7 max-md:hidden"
        />
      </div>
    </nav>
  );
}
