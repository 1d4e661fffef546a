import { useTranslation } from "react-i18next";
import { parseImageReference } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { startTask, type Target } from "../image-actions.ts";

/** Says where an image goes before it goes there. */
export function PushDialog({ target, onClose }: { readonly target: Target; readonly onClose: () => void }) {
  const { t } = useTranslation(["images", "common"]);
  const readiness = useReadiness();
  const name = target.reference ?? target.name;
  const result = parseImageReference(name);
  const domain = result.ok ? result.reference.domain : "";
  const registry = domain === "docker.io" ? "Docker Hub" : domain;
  const push = (): void => {
    startTask(client.images.push({ reference: name }), t("images:pushDialog.started", { name }));
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("images:pushDialog.title", { name })}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button tone="primary" disabledReason={readiness.reason} onClick={push}>
            {t("images:verb.push")}
          </Button>
        </>
      }
    >
      <p>{t("images:pushDialog.body", { name, registry })}</p>
      <p className="text-muted">{t("images:pushDialog.elsewhere")}</p>
    </Dialog>
  );
}
