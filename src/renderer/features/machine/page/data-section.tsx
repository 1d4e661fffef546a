import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MachineView } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { client } from "../../../lib/client.ts";
import { formatBytes } from "../../../lib/format.ts";
import { notify } from "../../../lib/notify.ts";
import { performAndTell, usePendingVerb } from "../../../lib/pending.ts";
import { machineObject, repairMachine } from "../machine-actions.ts";
import { DiskFileDialog } from "./disk-file-dialog.tsx";
import { ActionRow, Group } from "./parts.tsx";

/** As the engine asks for it. */
const machineName = "longshore";

type Question = "reset" | "export" | "import" | "check";

function useDataActions() {
  const { t } = useTranslation("machine");
  return {
    trim: () =>
      performAndTell({
        object: machineObject,
        verb: "trim",
        failed: t("failed.trim"),
        run: async () => {
          const { freedBytes } = await client.machine.trim({});
          notify({ title: t("data.trimmed", { size: formatBytes(freedBytes) }) });
        },
      }),
    reset: () =>
      performAndTell({
        object: machineObject,
        verb: "reset",
        failed: t("failed.reset"),
        run: async () => {
          await client.machine.factoryReset({ confirm: machineName });
          notify({ title: t("reset.done") });
        },
      }),
  };
}

/** The data disk: give space back, check, take it elsewhere, begin anew. */
export function DataSection({ view }: { readonly view: MachineView }) {
  const { t } = useTranslation("machine");
  const [question, setQuestion] = useState<Question>();
  const pending = usePendingVerb(machineObject);
  const { trim, reset } = useDataActions();
  const close = (): void => setQuestion(undefined);
  const busy = pending === undefined ? undefined : t("busy");
  const notRunning = view.state.status === "running" ? undefined : t("cannot.notRunning");
  const noDisk = view.disk ? undefined : t("cannot.needsDisk");
  const restarts = view.state.status === "running" || view.state.status === "suspended";
  return (
    <Group title={t("data.title")} hint={t("data.hint")}>
      <ActionRow title={t("data.trim")} hint={t("data.trimHint")}>
        <Button busy={pending === "trim"} disabledReason={notRunning ?? busy} onClick={trim}>
          {t("data.trimVerb")}
        </Button>
      </ActionRow>
      <ActionRow title={t("data.check")} hint={t("data.checkHint")}>
        <Button
          busy={pending === "check-disk"}
          disabledReason={noDisk ?? busy}
          onClick={() => (restarts ? setQuestion("check") : void repairMachine("check-disk"))}
        >
          {t("data.checkVerb")}
        </Button>
      </ActionRow>
      <ActionRow title={t("data.move")} hint={t("data.moveHint")}>
        <Button busy={pending === "export"} disabledReason={noDisk ?? busy} onClick={() => setQuestion("export")}>
          {t("data.export")}
        </Button>
        <Button busy={pending === "import"} disabledReason={busy} onClick={() => setQuestion("import")}>
          {t("data.import")}
        </Button>
      </ActionRow>
      <ActionRow title={t("data.reset")} hint={t("data.resetHint")}>
        <Button
          tone="danger"
          busy={pending === "reset"}
          disabledReason={noDisk ?? busy}
          onClick={() => setQuestion("reset")}
        >
          {t("data.resetVerb")}
        </Button>
      </ActionRow>
      {question === "reset" && (
        <ConfirmDialog
          open
          onClose={close}
          title={t("reset.title")}
          consequence={t("reset.consequence")}
          verb={t("reset.verb")}
          typeName={machineName}
          onConfirm={reset}
        >
          <p className="text-muted">{t("reset.keeps")}</p>
        </ConfirmDialog>
      )}
      {question === "check" && (
        <ConfirmDialog
          open
          onClose={close}
          title={t("data.check")}
          consequence={t("data.checkRestart")}
          verb={t("data.checkVerb")}
          onConfirm={() => void repairMachine("check-disk")}
        />
      )}
      {(question === "export" || question === "import") && (
        <DiskFileDialog kind={question} restarts={restarts} onClose={close} />
      )}
    </Group>
  );
}
