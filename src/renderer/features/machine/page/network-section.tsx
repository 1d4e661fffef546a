import { useTranslation } from "react-i18next";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { Switch } from "../../../components/ui/switch.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { Group } from "./parts.tsx";
import { type DraftForm, useProblem } from "./use-draft.ts";

/** How containers reach the world and this computer. */
export function NetworkSection({ form }: { readonly form: DraftForm }) {
  const { t } = useTranslation("machine");
  const { draft, errors, set } = form;
  const problem = useProblem();
  return (
    <Group title={t("network.title")}>
      <Switch
        label={t("network.hostAccess")}
        hint={t("network.hostAccessHint")}
        checked={draft.hostAccess}
        onChange={(hostAccess) => set({ hostAccess })}
      />
      <div className="flex flex-col gap-1">
        <span className="font-medium">{t("network.proxy")}</span>
        <RadioGroup
          label={t("network.proxy")}
          value={draft.proxyMode}
          options={(["host", "none", "manual"] as const).map((value) => ({
            value,
            label: t(`network.proxyMode.${value}`),
            hint: t(`network.proxyHint.${value}`),
          }))}
          onChange={(proxyMode) => set({ proxyMode })}
        />
      </div>
      {draft.proxyMode === "manual" && (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <TextField
            mono
            label={t("network.http")}
            placeholder="http://proxy.example:3128"
            value={draft.proxyHttp}
            error={problem(errors.proxyHttp)}
            onChange={(proxyHttp) => set({ proxyHttp })}
          />
          <TextField
            mono
            label={t("network.https")}
            placeholder="http://proxy.example:3128"
            value={draft.proxyHttps}
            onChange={(proxyHttps) => set({ proxyHttps })}
          />
          <TextField
            mono
            label={t("network.no")}
            placeholder="localhost,.example"
            value={draft.proxyNo}
            onChange={(proxyNo) => set({ proxyNo })}
          />
        </div>
      )}
      <TextField
        mono
        label={t("network.dns")}
        hint={t("network.dnsHint")}
        error={problem(errors.dns)}
        value={draft.dns}
        onChange={(dns) => set({ dns })}
      />
    </Group>
  );
}
