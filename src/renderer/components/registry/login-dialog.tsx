import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { registryAddress, toAppError } from "#contract";
import { client } from "../../lib/client.ts";
import { notify } from "../../lib/notify.ts";
import { queryClient } from "../../lib/query-client.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/text-field.tsx";

const formId = "registry-login";

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
  const { t } = useTranslation(["registries", "common"]);
  const [address, setAddress] = useState(given);
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const valid = registryAddress.safeParse(address).success;
  const addressError = address !== "" && !valid ? t("registries:addressInvalid") : undefined;
  const missing = !valid || user === "" || password === "" ? t("registries:login.missing") : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    setProblem("");
    try {
      await client.registries.login({ address, user, password });
      await queryClient.invalidateQueries({ queryKey: ["registries"] });
      notify({ title: t("registries:login.done", { address }) });
      onClose();
      onDone?.();
    } catch (error) {
      setProblem(toAppError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={given === "" ? t("registries:login.title") : t("registries:login.titleFor", { address: given })}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button tone="primary" type="submit" form={formId} busy={busy} disabledReason={missing}>
            {t("registries:login.submit")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
        {given === "" && (
          <TextField
            mono
            label={t("registries:address")}
            hint={t("registries:addressHint")}
            error={addressError}
            value={address}
            onChange={setAddress}
            autoComplete="off"
          />
        )}
        <TextField label={t("registries:login.user")} value={user} onChange={setUser} autoComplete="off" />
        <TextField
          label={t("registries:login.password")}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="off"
        />
        <Keeper address={address} />
        {problem && (
          <p role="alert" className="break-words text-failed">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}
