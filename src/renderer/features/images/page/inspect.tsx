import { useTranslation } from "react-i18next";
import { InspectView } from "../../../components/details/inspect-view.tsx";
import { useImage } from "./use-image.ts";

/** The engine's own description of an image. */
export function ImageInspect() {
  const { t } = useTranslation("images");
  const { details } = useImage();
  if (!details) return null;
  return <InspectView label={t("tab.inspect")} raw={details.raw} />;
}
