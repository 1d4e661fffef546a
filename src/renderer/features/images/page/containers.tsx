import { useTranslation } from "react-i18next";
import { Rows, Section } from "../../../components/details/parts.tsx";
import { AgoCell, NameLink } from "../../../components/table/cells.tsx";
import { useLiveList } from "../../../hooks/use-live.ts";
import { shortId } from "../../../lib/format.ts";
import { containersSource } from "../../../lib/sources.ts";
import { useImage } from "./use-image.ts";

/** The containers made from this image, live. */
export function ImageContainers() {
  const { t } = useTranslation(["images", "containers"]);
  const { details } = useImage();
  const all = useLiveList(containersSource).items ?? [];
  const rows = all.filter(({ imageId }) => imageId === details?.id);
  return (
    <div className="h-full overflow-y-auto">
      <Section title={t("images:tab.containers")}>
        <Rows
          label={t("images:overview.tableOf", { what: t("images:tab.containers") })}
          headers={[t("images:containers.name"), t("images:containers.state"), t("images:containers.created")]}
          rows={rows}
          keyOf={({ id }) => id}
          none={t("images:containers.none")}
          cells={({ id, name, state, createdAt }) => [
            <NameLink key="name" to="/containers/$id" params={{ id: shortId(id) }} text={name} />,
            t(`containers:state.${state}`),
            <AgoCell key="created" timeMs={createdAt} />,
          ]}
        />
      </Section>
    </div>
  );
}
