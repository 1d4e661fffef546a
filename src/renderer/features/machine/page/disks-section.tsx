import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type MachineView, type StoredDisk, toAppError } from "#contract";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { ConfirmDialog } from "../../../components/ui/confirm-dialog.tsx";
import { Mono } from "../../../components/ui/mono.tsx";
import { client } from "../../../lib/client.ts";
import { formatBytes, formatTime } from "../../../lib/format.ts";
import { performAndTell, usePendingVerb } from "../../../lib/pending.ts";
import { queryClient } from "../../../lib/query-client.ts";
import { machineObject } from "../machine-actions.ts";
import { Group } from "./parts.tsx";

const disksKey = ["machine", "disks"];

/** The list is read anew when the disk in use may have changed. */
function useDisks(view: MachineView) {
  const { status } = view.state;
  const pending = usePendingVerb(machineObject);
  return useQuery({
    queryKey: [...disksKey, status, view.disk?.id, pending ?? ""],
    queryFn: () => client.machine.listDisks({}),
    // What was listed for the same disk before may be another list now.
    staleTime: 0,
    placeholderData: (previous) => previous,
  });
}

interface Question {
  readonly verb: "use" | "delete";
  readonly disk: StoredDisk;
}

const { useDisk: putInDisk, deleteDisk } = client.machine;
const putIn = ({ id }: StoredDisk): Promise<unknown> => putInDisk({ id });
const deleteForGood = ({ id }: StoredDisk): Promise<unknown> => deleteDisk({ id, confirm: id });

function DiskQuestion({ verb, disk, onClose }: Question & { readonly onClose: () => void }) {
  const { t } = useTranslation("machine");
  const isUse = verb === "use";
  const confirm = (): void =>
    performAndTell({
      object: machineObject,
      verb: `${verb}-disk`,
      failed: t(isUse ? "failed.useDisk" : "failed.deleteDisk"),
      run: async () => {
        await (isUse ? putIn(disk) : deleteForGood(disk));
        await queryClient.invalidateQueries({ queryKey: disksKey });
      },
    });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t(`disks.${verb}Title`, { id: disk.id })}
      consequence={t(`disks.${verb}Body`)}
      verb={t(`disks.${verb}`)}
      typeName={isUse ? undefined : disk.id}
      onConfirm={confirm}
    />
  );
}

/** Data disks that no machine uses: left over, or in the trash after a reset. */
export function DisksSection({ view }: { readonly view: MachineView }) {
  const { t } = useTranslation("machine");
  const { data, error } = useDisks(view);
  const [question, setQuestion] = useState<Question>();
  const pending = usePendingVerb(machineObject);
  const busy = pending === undefined ? undefined : t("busy");
  const disks = data?.disks ?? [];
  return (
    <Group title={t("disks.title")} hint={t("disks.hint")}>
      {error && <p className="text-failed">{toAppError(error).message}</p>}
      {disks.length === 0 && !error && <p className="text-muted">{t("disks.none")}</p>}
      <ul className="flex flex-col">
        {disks.map((disk) => (
          <li
            key={disk.path}
            className="flex flex-wrap items-start gap-x-4 gap-y-1.5 border-t border-line py-2.5 first:border-t-0"
          >
            <div className="min-w-48 grow basis-80">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-medium">{disk.id}</span>
                <Badge tone={disk.place === "trash" ? "paused" : "neutral"}>{t(`disks.${disk.place}`)}</Badge>
                <span>{formatBytes(disk.sizeBytes)}</span>
              </p>
              <p className="text-sm text-muted">
                {t("disks.modified", { time: formatTime(disk.modifiedAt) })}
                {disk.deleteAt !== undefined && ` ${t("disks.deleteAt", { time: formatTime(disk.deleteAt) })}`}
              </p>
              <Mono wrap text={disk.path} className="text-muted" />
            </div>
            <div className="flex gap-2">
              <Button disabledReason={busy} onClick={() => setQuestion({ verb: "use", disk })}>
                {t("disks.use")}
              </Button>
              <Button tone="quiet" disabledReason={busy} onClick={() => setQuestion({ verb: "delete", disk })}>
                {t("disks.delete")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {question && <DiskQuestion {...question} onClose={() => setQuestion(undefined)} />}
    </Group>
  );
}
