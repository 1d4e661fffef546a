import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { InspectView } from "../../components/details/inspect-view.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useContainer } from "../../hooks/use-container.ts";

/** The engine's own description of a container. */
export function ContainerInspect() {
  const { t } = useTranslation("containers");
  const { id = "" } = useParams({ strict: false });
  const { details } = useContainer(id);
  if (!details) return <Skeleton what={t("tab.inspect")} />;
  return <InspectView label={t("tab.inspect")} raw={details.raw} />;
}
