import { useQuery } from "@tanstack/react-query";
import { Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Registry, toAppError } from "#contract";
import { LoginDialog } from "../../components/registry/login-dialog.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useTitle } from "../../hooks/use-title.ts";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { queryClient } from "../../lib/query-client.ts";
import { AddDialog } from "./add-dialog.tsx";
import { BrowseDialog } from "./browse-dialog.tsx";

const hub = "docker.io";

type Open = { readonly what: "login" | "browse"; readonly address: string } | { readonly what: "add" } | undefined;

interface RowProps {
  readonly registry: Registry;
  readonly onOpen: (open: Open) => void;
}

/** Does something to a registry, tells how it went, and reads the list anew. */
async function act(run: () => Promise<string>): Promise<void> {
  try {
    notify({ title: await run() });
  } catch (error) {
    reportError(error);
  } finally {
    await queryClient.invalidateQueries({ queryKey: ["registries"] });
  }
}

function Row({ registry, onOpen }: RowProps) {
  const { t } = useTranslation("registries");
  const [testing, setTesting] = useState(false);
  const { address, login, insecure, saved } = registry;
  const test = async (): Promise<void> => {
    setTesting(true);
    await act(async () => (await client.registries.test({ address })).summary);
    setTesting(false);
  };
  const logout = (): Promise<void> =>
    act(async () => {
      await client.registries.logout({ address });
      return t("loggedOut", { address });
    });
  const remove = (): Promise<void> =>
    act(async () => {
      await client.registries.remove({ address });
      return t("removed", { address });
    });
  const named = (verb: "login" | "logout" | "test" | "browse" | "remove") =>
    t("action", { verb: t(`verb.${verb}`), address });
  return (
    <li aria-label={address} className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
      <div className="min-w-60 grow">
        <p className="flex items-center gap-2 font-medium">
          {address === hub ? t("hub") : address}
          {insecure && (
            <Badge tone="paused" tip={t("insecureTip")}>
              {t("insecure")}
            </Badge>
          )}
        </p>
        <p className={login?.place === "plain_config" ? "text-sm text-paused" : "text-sm text-muted"}>
          {login
            ? `${t("as", { user: login.user })} · ${t(`place.${login.place}`, { detail: login.detail })}`
            : t("anonymous")}
        </p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Button aria-label={named("browse")} onClick={() => onOpen({ what: "browse", address })}>
          {t("verb.browse")}
        </Button>
        <Button aria-label={named("test")} busy={testing} onClick={() => void test()}>
          {t("verb.test")}
        </Button>
        <Button aria-label={named("login")} onClick={() => onOpen({ what: "login", address })}>
          {t("verb.login")}
        </Button>
        {login && (
          <Button aria-label={named("logout")} onClick={() => void logout()}>
            {t("verb.logout")}
          </Button>
        )}
        {saved && (
          <Button aria-label={named("remove")} onClick={() => void remove()}>
            {t("verb.remove")}
          </Button>
        )}
      </div>
    </li>
  );
}

/** The registries that images come from and go to, and who is logged in where. */
export function RegistriesScreen() {
  const { t } = useTranslation(["registries", "common"]);
  const [open, setOpen] = useState<Open>();
  const title = t("registries:title");
  useTitle(title);
  const { data, error, refetch } = useQuery({
    queryKey: ["registries", "list"],
    queryFn: ({ signal }) => client.registries.list({}, { signal }),
    retry: false,
  });
  const close = (): void => setOpen(undefined);
  return (
    <section aria-label={title} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2">
        <h1 className="text-lg font-medium">{title}</h1>
        <div className="ml-auto flex gap-1.5">
          <Button onClick={() => setOpen({ what: "login", address: "" })}>{t("registries:verb.login")}</Button>
          <Button tone="primary" icon={Plus} onClick={() => setOpen({ what: "add" })}>
            {t("registries:add")}
          </Button>
        </div>
      </header>
      <div className="min-h-0 grow overflow-y-auto">
        {data?.warnings.map((warning) => (
          <p
            key={warning}
            role="status"
            className="flex gap-2 border-b border-line bg-paused-tint px-4 py-1.5 text-paused"
          >
            <TriangleAlert size={15} aria-hidden className="mt-0.5 shrink-0" />
            <span className="min-w-0 break-words">{warning}</span>
          </p>
        ))}
        {error && (
          <ErrorState title={t("common:failed")} message={toAppError(error).message} onRetry={() => void refetch()} />
        )}
        {!data && !error && <Skeleton what={title} rows={3} />}
        {data && (
          <ul aria-label={t("registries:list")}>
            {data.registries.map((registry) => (
              <Row key={registry.address} registry={registry} onOpen={setOpen} />
            ))}
          </ul>
        )}
      </div>
      {open?.what === "login" && <LoginDialog address={open.address} onClose={close} />}
      {open?.what === "browse" && <BrowseDialog address={open.address} onClose={close} />}
      {open?.what === "add" && <AddDialog onClose={close} />}
    </section>
  );
}
