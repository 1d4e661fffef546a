import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { registryAddress, toAppError } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { Checkbox } from "../../components/ui/checkbox.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { client } from "../../lib/client.ts";
import { queryClient } from "../../lib/query-client.ts";

const formId = "add-registry";

/** Adds a registry to the list; insecure ones only where it is said so. */
export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(["registries", "common"]);
  const [address, setAddress] = useState("");
  const [insecure, setInsecure] = useState(false);
  const [problem, setProblem] = useState("");
  const wrong = registryAddress.safeParse(address).success ? undefined : t("registries:addressInvalid");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrong) return;
    try {
      await client.registries.save({ address, insecure });
      await queryClient.invalidateQueries({ queryKey: ["registries"] });
      onClose();
    } catch (error) {
      setProblem(toAppError(error).message);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("registries:addDialog.title")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button tone="primary" type="submit" form={formId} disabledReason={wrong}>
            {t("registries:verb.add")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
        <TextField
          mono
          label={t("registries:address")}
          hint={t("registries:addressHint")}
          error={address === "" ? undefined : (wrong ?? (problem || undefined))}
          value={address}
          onChange={setAddress}
          autoComplete="off"
        />
        <Checkbox checked={insecure} onChange={setInsecure}>
          {t("registries:addDialog.insecure")}
        </Checkbox>
        {insecure && <p className="text-sm text-paused">{t("registries:addDialog.insecureHint")}</p>}
      </form>
    </Dialog>
  );
}
