import { useState } from "react";
import { useTranslation } from "react-i18next";
import { registryAddress } from "#contract";
import { Checkbox } from "../../components/ui/checkbox.tsx";
import { FormDialog } from "../../components/ui/form-dialog.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useSubmit } from "../../hooks/use-submit.ts";
import { client } from "../../lib/client.ts";
import { queryClient } from "../../lib/query-client.ts";

/** Adds a registry to the list; insecure ones only where it is said so. */
export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation("registries");
  const [address, setAddress] = useState("");
  const [insecure, setInsecure] = useState(false);
  const wrong = registryAddress.safeParse(address).success ? undefined : t("addressInvalid");
  const form = useSubmit(async () => {
    await client.registries.save({ address, insecure });
    await queryClient.invalidateQueries({ queryKey: ["registries"] });
    onClose();
  });
  return (
    <FormDialog
      needsEngine={false}
      title={t("addDialog.title")}
      verb={t("verb.add")}
      form={form}
      onClose={onClose}
      disabledReason={wrong}
    >
      <TextField
        mono
        label={t("address")}
        hint={t("addressHint")}
        error={address === "" ? undefined : wrong}
        value={address}
        onChange={setAddress}
        autoComplete="off"
      />
      <Checkbox checked={insecure} onChange={setInsecure}>
        {t("addDialog.insecure")}
      </Checkbox>
      {insecure && <p className="text-sm text-paused">{t("addDialog.insecureHint")}</p>}
    </FormDialog>
  );
}
