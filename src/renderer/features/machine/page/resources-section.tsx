import { useTranslation } from "react-i18next";
import type { MachineUsage, MachineView } from "#contract";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { formatGibibytes, formatTime } from "../../../lib/format.ts";
import type { Draft } from "./draft.ts";
import { FoldersField } from "./folders-field.tsx";
import { Group } from "./parts.tsx";
import { type DraftForm, useProblem } from "./use-draft.ts";

interface ResourcesProps {
  readonly form: DraftForm;
  readonly view: MachineView;
  readonly usage: MachineUsage | undefined;
}

type NumberName = "cpus" | "memoryGiB" | "diskGiB" | "idleMinutes";

function useImages(view: MachineView) {
  const { t } = useTranslation("machine");
  const known = view.images.map(({ id, createdAt, arch, current }) => {
    const name = t("image.named", { id: id.slice(0, 12), arch, time: formatTime(createdAt) });
    return { value: id, label: current ? t("image.current", { name }) : name };
  });
  return [{ value: "", label: t("image.newest") }, ...known];
}

/** What the machine may take of this computer. */
export function ResourcesSection({ form, view, usage }: ResourcesProps) {
  const { t } = useTranslation("machine");
  const { draft, errors, set } = form;
  const problem = useProblem(usage?.host);
  const images = useImages(view);
  const host = usage?.host;
  const shrinks = Number(draft.diskGiB) * 2 ** 30 < view.settings.diskBytes;
  const number = (name: NumberName, label: string, hint: string) => (
    <TextField
      label={label}
      hint={hint}
      error={problem(errors[name])}
      inputMode="decimal"
      value={draft[name]}
      onChange={(text) => set({ [name]: text } satisfies Partial<Draft>)}
      className="max-w-32"
    />
  );
  return (
    <Group title={t("resources.title")} hint={t("resources.hint")}>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {number("cpus", t("resources.cpus"), host ? t("resources.cpusHint", { cpus: host.cpus }) : "")}
        {number(
          "memoryGiB",
          t("resources.memory"),
          host ? t("resources.memoryHint", { memory: formatGibibytes(host.memoryBytes) }) : "",
        )}
        {number("diskGiB", t("resources.disk"), t(shrinks ? "resources.diskShrink" : "resources.diskHint"))}
        {number("idleMinutes", t("resources.idle"), t("resources.idleHint"))}
        <Select
          showLabel
          label={t("resources.onQuit")}
          value={draft.onQuit}
          options={(["suspend", "stop", "leave"] as const).map((value) => ({ value, label: t(`onQuit.${value}`) }))}
          onChange={(onQuit) => set({ onQuit })}
        />
        <Select
          showLabel
          label={t("resources.accelerator")}
          value={draft.accelerator}
          options={(["auto", "hardware", "software"] as const).map((value) => ({
            value,
            label: t(`accelerator.${value}`),
          }))}
          onChange={(accelerator) => set({ accelerator })}
        />
        <Select
          showLabel
          label={t("resources.image")}
          value={draft.imageId}
          options={images}
          onChange={(imageId) => set({ imageId })}
          className="sm:col-span-2"
        />
      </div>
      <FoldersField form={form} />
    </Group>
  );
}
