import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type PrunePreview, reclaimableBytes, toAppError } from "#contract";
import { Button } from "../../../components/ui/button.tsx";
import { Checkbox } from "../../../components/ui/checkbox.tsx";
import { Dialog } from "../../../components/ui/dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { Spinner } from "../../../components/ui/spinner.tsx";
import { useReadiness } from "../../../hooks/use-engine.ts";
import { client } from "../../../lib/client.ts";
import { formatAgo, formatBytes, shortId } from "../../../lib/format.ts";

type Which = "dangling" | "unused";

interface Outcome {
  readonly freedBytes: number;
  readonly done: number;
  readonly kept: readonly { readonly name: string; readonly problem: string }[];
}

function nameOf({ tags, id }: PrunePreview["items"][number]): string {
  return tags[0] ?? shortId(id);
}

interface ItemsProps {
  readonly preview: PrunePreview;
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (ticked: ReadonlySet<string>) => void;
}

function Items({ preview, ticked, onTick }: ItemsProps) {
  const { t } = useTranslation("images");
  const { items } = preview;
  const toggle = (id: string): void => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    onTick(next);
  };
  const all = ticked.size === items.length;
  return (
    <>
      <Checkbox
        checked={all}
        indeterminate={ticked.size > 0 && !all}
        onChange={() => onTick(new Set(all ? [] : items.map(({ id }) => id)))}
      >
        {t("pruneDialog.selectAll")}
      </Checkbox>
      <ul className="max-h-72 overflow-y-auto rounded-md border border-line">
        {items.map((item) => (
          <li key={item.id} className="border-b border-line px-2.5 py-1 last:border-b-0">
            <Checkbox checked={ticked.has(item.id)} onChange={() => toggle(item.id)}>
              <span className="min-w-0 grow">
                <span className="block truncate">{item.tags.length > 0 ? item.tags.join(", ") : shortId(item.id)}</span>
                <span className="block text-sm text-muted">
                  {formatAgo(item.createdAt)} ·{" "}
                  {t("pruneDialog.alone", { size: formatBytes(reclaimableBytes(preview, new Set([item.id]))) })}
                </span>
              </span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </>
  );
}

function Result({ outcome }: { readonly outcome: Outcome }) {
  const { t } = useTranslation("images");
  const { freedBytes, done, kept } = outcome;
  return (
    <div role="status" className="flex flex-col gap-2">
      <p>{t("pruneDialog.done", { size: formatBytes(freedBytes), done, failed: kept.length })}</p>
      {kept.length > 0 && (
        <>
          <p>{t("pruneDialog.failed")}</p>
          <ul className="flex flex-col gap-1">
            {kept.map(({ name, problem }) => (
              <li key={name} className="break-words text-failed">
                {name}: {problem}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

async function prune(preview: PrunePreview, ids: readonly string[]): Promise<Outcome> {
  const { results } = await client.images.prune({ ids: [...ids] });
  const gone = new Set(results.flatMap(({ id, problem }) => (problem === undefined ? [id] : [])));
  const names = new Map(preview.items.map((item) => [item.id, nameOf(item)]));
  const kept = results.flatMap(({ id, problem }) =>
    problem === undefined ? [] : [{ name: names.get(id) ?? id, problem }],
  );
  return { freedBytes: reclaimableBytes(preview, gone), done: gone.size, kept };
}

/** Shows what would go and what that frees, to the byte; nothing goes that is not ticked. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(["images", "common"]);
  const readiness = useReadiness();
  const [which, setWhich] = useState<Which>("dangling");
  const [picked, setPicked] = useState<ReadonlySet<string>>();
  const [outcome, setOutcome] = useState<Outcome>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const { data: preview, error } = useQuery({
    queryKey: ["images", "prune", which],
    queryFn: ({ signal }) => client.images.prunePreview({ which }, { signal }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  // Untagged images are what one prunes; tagged ones are ticked by hand.
  const ticked = picked ?? new Set(which === "dangling" ? preview?.items.map(({ id }) => id) : []);
  const submit = async (): Promise<void> => {
    if (!preview) return;
    setBusy(true);
    try {
      setOutcome(await prune(preview, [...ticked]));
    } catch (failure) {
      setProblem(toAppError(failure).message);
    } finally {
      setBusy(false);
    }
  };
  const size = formatBytes(preview ? reclaimableBytes(preview, ticked) : 0);
  const nothing = ticked.size === 0 ? t("images:pruneDialog.frees", { count: 0, size }) : undefined;
  const footer = outcome ? (
    <Button tone="primary" onClick={onClose}>
      {t("common:close")}
    </Button>
  ) : (
    <>
      <span className="mr-auto self-center text-muted" role="status">
        {preview && t("images:pruneDialog.frees", { count: ticked.size, size })}
      </span>
      <Button onClick={onClose}>{t("common:cancel")}</Button>
      <Button tone="danger" busy={busy} disabledReason={readiness.reason ?? nothing} onClick={() => void submit()}>
        {t("images:pruneDialog.submit")}
      </Button>
    </>
  );
  return (
    <Dialog open wide onClose={onClose} title={t("images:pruneDialog.title")} footer={footer}>
      {outcome ? (
        <Result outcome={outcome} />
      ) : (
        <>
          <RadioGroup
            label={t("images:pruneDialog.which")}
            value={which}
            onChange={(next) => {
              setWhich(next);
              setPicked(undefined);
            }}
            options={[
              { value: "dangling", label: t("images:pruneDialog.dangling") },
              { value: "unused", label: t("images:pruneDialog.unused") },
            ]}
          />
          {(problem || error) && (
            <p role="alert" className="break-words text-failed">
              {problem || toAppError(error).message}
            </p>
          )}
          {!preview && !error && (
            <p role="status" className="flex items-center gap-2 text-muted">
              <Spinner /> {t("images:pruneDialog.checking")}
            </p>
          )}
          {preview && preview.items.length === 0 && (
            <p className="text-muted">
              {t(which === "dangling" ? "images:pruneDialog.nothing" : "images:pruneDialog.nothingUnused")}
            </p>
          )}
          {preview && preview.items.length > 0 && <Items preview={preview} ticked={ticked} onTick={setPicked} />}
        </>
      )}
    </Dialog>
  );
}
