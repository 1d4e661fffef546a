import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { classes } from "../../lib/classes.ts";

const sections = [
  { id: "general", to: "/settings" },
  { id: "machine", to: "/settings/machine" },
] as const;

/** The pages of the settings, side by side in their header. */
export function SettingsNav({ current }: { readonly current: "general" | "machine" }) {
  const { t } = useTranslation("settings");
  return (
    <nav aria-label={t("sections.label")}>
      <ul className="flex rounded-md border border-control/60 bg-sunken p-px">
        {sections.map(({ id, to }) => (
          <li key={id}>
            <Link
              to={to}
              aria-current={id === current ? "page" : undefined}
              className={classes(
                "flex h-6 items-center rounded-sm px-2.5",
                id === current ? "bg-raised font-medium text-ink" : "text-muted hover:text-ink",
              )}
            >
              {t(`sections.${id}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
