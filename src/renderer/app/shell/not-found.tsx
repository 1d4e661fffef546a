import { Link, useLocation } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../components/ui/empty-state.tsx";

export function NotFound() {
  const { t } = useTranslation("shell");
  const { pathname } = useLocation();
  return (
    <EmptyState
      icon={Compass}
      title={t("notFound.title")}
      body={t("notFound.body", { path: pathname })}
      action={
        <Link to="/containers" className="text-link underline underline-offset-2">
          {t("notFound.back")}
        </Link>
      }
    />
  );
}
