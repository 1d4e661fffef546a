import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  familiarReference,
  familiarRepository,
  type ImageReference,
  parseImageReference,
  platform,
  toAppError,
} from "#contract";
import { LoginDialog } from "../../../components/registry/login-dialog.tsx";
import { Badge } from "../../../components/ui/badge.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { Spinner } from "../../../components/ui/spinner.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { useLiveList } from "../../../hooks/use-live.ts";
import { client } from "../../../lib/client.ts";
import { notify } from "../../../lib/notify.ts";
import { imagesSource } from "../../../lib/sources.ts";
import { HubSearch } from "./hub-search.tsx";

const formId = "pull-image";

interface TagListProps {
  readonly reference: ImageReference;
  readonly onPick: (text: string) => void;
}

/** What the registry offers of a repository, with those that are here already. */
function TagList({ reference, onPick }: TagListProps) {
  const { t } = useTranslation("images");
  const [loggingIn, setLoggingIn] = useState(false);
  const repository = familiarRepository(reference);
  const registry = reference.domain;
  const local = new Set(useLiveList(imagesSource).items?.flatMap(({ tags }) => tags) ?? []);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["registries", "tags", repository],
    queryFn: ({ signal }) => client.registries.tags({ reference: repository }, { signal }),
    retry: false,
    staleTime: 30_000,
  });
  if (isFetching && !data) {
    return (
      <p role="status" className="flex items-center gap-2 text-muted">
        <Spinner /> {t("pullDialog.loadingTags", { registry })}
      </p>
    );
  }
  if (error) {
    const failure = toAppError(error);
    return (
      <div role="alert" className="flex flex-col items-start gap-2 text-failed">
        <span className="break-words">{failure.message}</span>
        {failure.code === "permission" && (
          <Button onClick={() => setLoggingIn(true)}>{t("pullDialog.login", { registry })}</Button>
        )}
        {loggingIn && (
          <LoginDialog address={registry} onClose={() => setLoggingIn(false)} onDone={() => void refetch()} />
        )}
      </div>
    );
  }
  if (!data || data.tags.length === 0) return <p className="text-muted">{t("pullDialog.noTags", { registry })}</p>;
  return (
    <section aria-label={t("pullDialog.tags", { registry })}>
      <ul className="flex max-h-36 flex-wrap gap-1 overflow-y-auto">
        {data.tags.slice(0, 300).map((tag) => (
          <li key={tag}>
            <Button
              tone="quiet"
              className="border-line font-mono text-sm"
              onClick={() => onPick(`${repository}:${tag}`)}
            >
              {tag}
              {local.has(`${repository}:${tag}`) && <Badge tone="running">{t("pullDialog.here")}</Badge>}
            </Button>
          </li>
        ))}
      </ul>
      {(data.more || data.tags.length > 300) && <p className="text-sm text-muted">{t("pullDialog.moreTags")}</p>}
    </section>
  );
}

interface PullDialogProps {
  readonly reference: string;
  readonly onClose: () => void;
}

/** Which image to pull: typed with live validation, picked from the registry's tags, or found on Docker Hub. */
export function PullDialog({ reference: given, onClose }: PullDialogProps) {
  const { t } = useTranslation(["images", "common"]);
  const readiness = useReadiness();
  const [text, setText] = useState(given);
  const [wantedPlatform, setPlatform] = useState("");
  const [shows, setShows] = useState<"nothing" | "tags" | "search">("nothing");
  const [problem, setProblem] = useState("");
  const result = parseImageReference(text.trim());
  const platformOk = wantedPlatform === "" || platform.safeParse(wantedPlatform).success;
  const typeError = text !== "" && !result.ok ? result.problem : undefined;
  const wrong = result.ok ? (platformOk ? undefined : t("images:invalidPlatform")) : result.problem;
  const local = useLiveList(imagesSource).items?.some(
    ({ tags }) => result.ok && tags.includes(familiarReference(result.reference)),
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (wrong || !result.ok || !readiness.ready) return;
    const reference = familiarReference(result.reference);
    try {
      await client.images.pull({ reference, ...(wantedPlatform === "" ? {} : { platform: wantedPlatform }) });
      notify({ title: t("images:pullDialog.started", { name: reference }) });
      onClose();
    } catch (error) {
      setProblem(toAppError(error).message);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("images:pullDialog.title")}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button tone="primary" type="submit" form={formId} disabledReason={readiness.reason ?? wrong}>
            {t("images:verb.pull")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-[1fr_180px]">
          <TextField
            mono
            label={t("images:reference")}
            hint={local ? t("images:pullDialog.local") : t("images:pullDialog.hint")}
            error={typeError}
            value={text}
            onChange={setText}
            autoComplete="off"
          />
          <TextField
            mono
            label={t("images:pullDialog.platform")}
            note={t("common:optional")}
            hint={t("images:pullDialog.platformHint")}
            error={platformOk ? undefined : t("images:invalidPlatform")}
            placeholder="linux/arm64"
            value={wantedPlatform}
            onChange={setPlatform}
            autoComplete="off"
          />
        </div>
        {problem && (
          <p role="alert" className="break-words text-failed">
            {problem}
          </p>
        )}
      </form>
      <div className="flex flex-wrap gap-2">
        <Button
          aria-expanded={shows === "tags"}
          disabledReason={result.ok ? undefined : result.problem}
          onClick={() => setShows(shows === "tags" ? "nothing" : "tags")}
        >
          {t("images:pullDialog.showTags")}
        </Button>
        <Button
          icon={Search}
          aria-expanded={shows === "search"}
          onClick={() => setShows(shows === "search" ? "nothing" : "search")}
        >
          {t("images:pullDialog.search")}
        </Button>
      </div>
      {shows === "tags" && result.ok && <TagList reference={result.reference} onPick={setText} />}
      {shows === "search" && <HubSearch onPick={setText} />}
    </Dialog>
  );
}
