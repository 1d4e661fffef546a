import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { registryAddress, toAppError } from "#contract";
import { useSubmit } from "../../hooks/use-submit.ts";
import { client } from "../../lib/client.ts";
import { notify } from "../../lib/notify.ts";
import { queryClient } from "../../lib/query-client.ts";
import { FormDialog } from "../ui/form-dialog.tsx";
import { TextField } from "../ui/text-field.tsx";

interface LoginDialogProps {
  /** Empty lets the user type it. */
  readonly address: string;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

/** Where the login will be kept, told before the password is typed. */
function Keeper({ address }: { readonly address: string }) {
  const { t } = useTranslation("registries");
  const { data, error } = useQuery({
    queryKey: ["registries", "keeper", address],
    queryFn: ({ signal }) => client.registries.keeper({ address }, { signal }),
    enabled: registryAddress.safeParse(address).success,
    retry: false,
  });
  if (error) return <p className="text-sm text-failed">{toAppError(error).message}</p>;
  if (!data) return null;
  return <p className="text-sm text-muted">{t(`keeper.${data.place}`, { detail: data.detail })}</p>;
}

/** Logs in to a registry; the password goes to the engine side and is never kept by the page. */
export function LoginDialog({ address: given, onClose, onDone }: LoginDialogProps) {
  const { t } = useTranslation("registries");
  const [address, setAddress] = useState(given);
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const valid = registryAddress.safeParse(address).success;
  const form = useSubmit(async () => {
    await client.registries.login({ address, user, password });
    await queryClient.invalidateQueries({ queryKey: ["registries"] });
    notify({ title: t("login.done", { address }) });
    onClose();
    onDone?.();
  });
  return (
    <FormDialog
      needsEngine={false}
      title={given === "" ? t("login.title") : t("login.titleFor", { address: given })}
      verb={t("login.submit")}
      form={form}
      onClose={onClose}
      disabledReason={!valid || user === "" || password === "" ? t("login.missing") : undefined}
    >
      {given === "" && (
        <TextField
          mono
          label={t("address")}
          hint={t("addressHint")}
          error={address !== "" && !valid ? t("addressInvalid") : undefined}
          value={address}
          onChange={setAddress}
          autoComplete="off"
        />
      )}
      <TextField label={t("login.user")} value={user} onChange={setUser} autoComplete="off" />
      <TextField
        label={t("login.password")}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="off"
      />
      <Keeper address={address} />
    </FormDialog>
  );
}
