import i18next from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { killSignals } from "#contract";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { performAndTell } from "../../../lib/pending.ts";
import { objectOf, type Target } from "../container-actions.ts";

type Signal = (typeof killSignals)[number];

const options = killSignals.map((signal) => ({ value: signal, label: signal }));

interface KillDialogProps {
  readonly target: Target;
  readonly onClose: () => void;
}

/** Asks which signal goes to a container. */
export function KillDialog({ target, onClose }: KillDialogProps) {
  const { t } = useTranslation("containers");
  const readiness = useReadiness();
  const [signal, setSignal] = useState<Signal>("SIGKILL");
  const kill = (): void =>
    performAndTell({
      object: objectOf(target.id),
      verb: "kill",
      run: () => client.containers.kill({ id: target.id, signal }),
      failed: i18next.t("containers:failed.kill", { name: target.name }),
    });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t("dialog.kill.title", { name: target.name })}
      consequence={t("dialog.kill.body")}
      verb={t("verb.kill")}
      disabledReason={readiness.reason}
      onConfirm={kill}
    >
      <Select
        showLabel
        label={t("dialog.kill.signal")}
        value={signal}
        options={options}
        onChange={setSignal}
        className="w-40"
      />
    </ConfirmDialog>
  );
}
