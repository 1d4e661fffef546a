import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toAppError } from "#contract";
import { LoginDialog } from "../../components/registry/login-dialog.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Dialog } from "../../components/ui/dialog.tsx";
import { SearchField } from "../../components/ui/search-field.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { useReadiness } from "../../hooks/use-engine.ts";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";

interface NamesProps {
  readonly label: string;
  readonly names: readonly string[] | undefined;
  readonly more: boolean;
  readonly error: unknown;
  readonly address: string;
  readonly onRetry: () => void;
  readonly onPick: (name: string) => void;
  /** Present where picking pulls. */
  readonly pullName?: (name: string) => string;
}

const shownAtMost = 500;

/** Names to pick from, or why there are none. */
function Names({ label, names, more, error, address, onRetry, onPick, pullName }: NamesProps) {
  const { t } = useTranslation("registries");
  const readiness = useReadiness();
  const [filter, setFilter] = useState("");
  const [loggingIn, setLoggingIn] = useState(false);
  if (error) {
    const failure = toAppError(error);
    return (
      <div role="alert" className="flex flex-col items-start gap-2 text-failed">
        <span className="break-words">{failure.message}</span>
        {failure.code === "permission" && <Button onClick={() => setLoggingIn(true)}>{t("verb.login")}</Button>}
        {loggingIn && <LoginDialog address={address} onClose={() => setLoggingIn(false)} onDone={onRetry} />}
      </div>
    );
  }
  if (!names) return <Skeleton what={label} rows={4} />;
  if (names.length === 0) return <p className="text-muted">{t("browse.none")}</p>;
  const matching = names.filter((name) => name.includes(filter.trim()));
  return (
    <>
      <SearchField label={t("browse.filter")} value={filter} onChange={setFilter} />
      <ul aria-label={label} className="max-h-80 overflow-y-auto rounded-md border border-line">
        {matching.slice(0, shownAtMost).map((name) => (
          <li
            key={name}
            className="flex items-center justify-between gap-2 border-b border-line px-2 py-1 last:border-b-0"
          >
            {pullName ? (
              <>
                <span className="truncate font-mono text-sm">{name}</span>
                <Button
                  icon={Download}
                  aria-label={t("browse.pull", { name: pullName(name) })}
                  disabledReason={readiness.reason}
                  onClick={() => onPick(name)}
                >
                  {t("browse.pull", { name: "" }).trim()}
                </Button>
              </>
            ) : (
              <button
                type="button"
                className="focus-inset w-full truncate rounded-sm px-1 py-0.5 text-left hover:bg-hover"
                onClick={() => onPick(name)}
              >
                {name}
              </button>
            )}
          </li>
        ))}
      </ul>
      {(more || matching.length > shownAtMost) && <p className="text-sm text-muted">{t("browse.more")}</p>}
    </>
  );
}

function Tags({ address, repository }: { readonly address: string; readonly repository: string }) {
  const { t } = useTranslation("registries");
  const whole = `${address}/${repository}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["registries", "tags", whole],
    queryFn: ({ signal }) => client.registries.tags({ reference: whole }, { signal }),
    retry: false,
  });
  const pull = (tag: string): void => {
    const name = `${whole}:${tag}`;
    client.images
      .pull({ reference: name })
      .then(() => notify({ title: t("browse.started", { name }) }))
      .catch((failure: unknown) => reportError(failure));
  };
  return (
    <Names
      label={t("browse.tags", { repository })}
      names={data?.tags}
      more={data?.more ?? false}
      error={error}
      address={address}
      onRetry={() => void refetch()}
      onPick={pull}
      pullName={(tag) => `${whole}:${tag}`}
    />
  );
}

function Repositories({ address, onPick }: { readonly address: string; readonly onPick: (name: string) => void }) {
  const { t } = useTranslation("registries");
  const { data, error, refetch } = useQuery({
    queryKey: ["registries", "repositories", address],
    queryFn: ({ signal }) => client.registries.repositories({ address }, { signal }),
    retry: false,
    enabled: address !== "docker.io",
  });
  if (address === "docker.io") return <p className="text-muted">{t("browse.hub")}</p>;
  return (
    <Names
      label={t("browse.repositories", { address })}
      names={data?.repositories}
      more={data?.more ?? false}
      error={error}
      address={address}
      onRetry={() => void refetch()}
      onPick={onPick}
    />
  );
}

/** What a registry holds: its repositories, and the tags of one. */
export function BrowseDialog({ address, onClose }: { readonly address: string; readonly onClose: () => void }) {
  const { t } = useTranslation("registries");
  const [repository, setRepository] = useState<string>();
  const title = repository === undefined ? t("browse.title", { address }) : t("browse.tags", { repository });
  return (
    <Dialog open wide onClose={onClose} title={title}>
      {repository === undefined ? (
        <Repositories address={address} onPick={setRepository} />
      ) : (
        <>
          <Button icon={ChevronLeft} className="self-start" onClick={() => setRepository(undefined)}>
            {t("browse.back")}
          </Button>
          <Tags address={address} repository={repository} />
        </>
      )}
    </Dialog>
  );
}
