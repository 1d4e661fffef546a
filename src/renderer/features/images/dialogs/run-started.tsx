import { useNavigate } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RunRequest } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { Spinner } from "../../../components/ui/spinner.tsx";
import { client } from "../../../lib/client.ts";
import { openExternal } from "../../../lib/external.ts";
import { shortId } from "../../../lib/format.ts";

export interface Started {
  readonly id: string;
  readonly name: string;
  readonly ports: RunRequest["ports"];
  readonly warnings: readonly string[];
}

type Answer = { readonly url: string; readonly http: boolean } | "waiting" | "silent";

function useAnswer(port: number): Answer {
  const [answer, setAnswer] = useState<Answer>("waiting");
  useEffect(() => {
    const stop = new AbortController();
    const wait = async (): Promise<void> => {
      let last: Answer = "silent";
      for await (const item of client.images.whenAnswers({ port }, { signal: stop.signal })) last = item;
      setAnswer(last);
    };
    wait().catch(() => !stop.signal.aborted && setAnswer("silent"));
    return () => stop.abort();
  }, [port]);
  return answer;
}

function Port({ port }: { readonly port: number }) {
  const { t } = useTranslation("images");
  const answer = useAnswer(port);
  if (answer === "waiting") {
    return (
      <p className="flex items-center gap-2 text-muted">
        <Spinner /> {t("runDialog.waiting", { port })}
      </p>
    );
  }
  if (answer === "silent") return <p className="text-muted">{t("runDialog.silent", { port })}</p>;
  if (!answer.http) return <p className="text-muted">{t("runDialog.connects", { port })}</p>;
  return (
    <div className="flex items-center gap-3">
      <span>{t("runDialog.answers", { port })}</span>
      <Button
        icon={ExternalLink}
        aria-label={`${t("runDialog.openBrowser")}: ${answer.url}`}
        onClick={() => void openExternal(answer.url)}
      >
        {t("runDialog.openBrowser")}
      </Button>
    </div>
  );
}

/** What was begun: its ports as they begin to answer, and the way to the container. */
export function RunStarted({ started, onClose }: { readonly started: Started; readonly onClose: () => void }) {
  const { t } = useTranslation(["images", "common"]);
  const navigate = useNavigate();
  const { id, name, ports, warnings } = started;
  const tcp = ports.flatMap(({ protocol, hostPort }) =>
    protocol === "tcp" && hostPort !== undefined ? [hostPort] : [],
  );
  const open = (): void => {
    onClose();
    void navigate({ to: "/containers/$id", params: { id: shortId(id) } });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("images:runDialog.started", { name })}
      footer={
        <>
          <Button onClick={onClose}>{t("common:close")}</Button>
          <Button tone="primary" onClick={open}>
            {t("images:runDialog.openContainer")}
          </Button>
        </>
      }
    >
      <div role="status" className="flex flex-col gap-2">
        {tcp.map((port) => (
          <Port key={port} port={port} />
        ))}
        {warnings.map((warning) => (
          <p key={warning} className="text-paused">
            {warning}
          </p>
        ))}
      </div>
    </Dialog>
  );
}
