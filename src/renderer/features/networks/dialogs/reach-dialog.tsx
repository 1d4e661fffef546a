import { CircleCheck, CircleX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerSummary, Reachability } from "#contract";
import { FormDialog } from "../../../components/ui/form-dialog.tsx";
import { RadioGroup } from "../../../components/ui/radio-group.tsx";
import { Select } from "../../../components/ui/select.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useLiveList } from "../../../hooks/use-live.ts";
import { useSubmit } from "../../../hooks/use-submit.ts";
import { client } from "../../../lib/client.ts";
import { containersSource } from "../../../lib/sources.ts";

function Answer({ result }: { readonly result: Reachability }) {
  const { t } = useTranslation("networks");
  const Icon = result.reachable ? CircleCheck : CircleX;
  return (
    <div role="status" className="flex flex-col gap-2 rounded-md bg-sunken px-3 py-2">
      <p className={`flex items-start gap-2 font-medium ${result.reachable ? "text-running" : "text-failed"}`}>
        <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
        {result.answer}
      </p>
      <ol className="flex flex-col gap-0.5 text-sm">
        {result.steps.map(({ what, outcome, detail }) => (
          <li key={what} className="flex gap-2">
            <span className="w-20 shrink-0 text-muted">{t(`reach.step.${what}`)}</span>
            <span>
              {t(`reach.outcome.${outcome}`)}: {detail}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface ReachDialogProps {
  /** Whose members are offered first. */
  readonly network: string | undefined;
  readonly onClose: () => void;
}

/** Two that a person is likely to mean: running, and on one network. */
function likelyPair(containers: readonly ContainerSummary[], network: string | undefined) {
  const running = containers.filter(({ state }) => state === "running");
  const from = running.find(({ networks }) => network !== undefined && networks.includes(network)) ?? running[0];
  const others = containers.filter(({ id }) => id !== from?.id);
  const shares = ({ networks }: ContainerSummary): boolean =>
    networks.some((name) => (network === undefined ? from?.networks.includes(name) : name === network));
  const to = others.find((other) => other.state === "running" && shares(other)) ?? others.find(shares) ?? others[0];
  return { from, to };
}

/** Tests from inside a container's network whether it reaches another container or a host. */
export function ReachDialog({ network, onClose }: ReachDialogProps) {
  const { t } = useTranslation("networks");
  const containers = useLiveList(containersSource).items ?? [];
  const running = containers.filter(({ state }) => state === "running");
  const [source, setSource] = useState<string>();
  const [kind, setKind] = useState<"container" | "host">("container");
  const [target, setTarget] = useState<string>();
  const [alias, setAlias] = useState("");
  const [host, setHost] = useState("");
  const [port, setPort] = useState("");
  const [result, setResult] = useState<Reachability>();
  const likely = likelyPair(containers, network);
  const first = running.find(({ id }) => id === source) ?? likely.from;
  const second = containers.find(({ id }) => id === target) ?? likely.to;
  const form = useSubmit(async () => {
    if (!first) return;
    setResult(undefined);
    const destination =
      kind === "host"
        ? ({ kind, host } as const)
        : ({ kind, id: second?.id ?? "", ...(alias ? { alias } : {}) } as const);
    setResult(
      await client.networks.reach({ from: first.id, to: destination, ...(port ? { port: Number(port) } : {}) }),
    );
  });
  const portWrong = port !== "" && !(Number.isInteger(Number(port)) && Number(port) > 0 && Number(port) < 65_536);
  const missing = !first
    ? t("reach.noneRunning")
    : kind === "host" && host === ""
      ? t("reach.hostFirst")
      : portWrong
        ? t("reach.portRule")
        : undefined;
  const options = (list: typeof containers) => list.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <FormDialog
      title={t("reach.title")}
      verb={t("reach.test")}
      form={form}
      onClose={onClose}
      disabledReason={missing}
      wide
    >
      {first ? (
        <Select label={t("reach.from")} showLabel value={first.id} options={options(running)} onChange={setSource} />
      ) : (
        <p className="text-muted">{t("reach.noneRunning")}</p>
      )}
      <RadioGroup
        label={t("reach.kind")}
        segmented
        value={kind}
        onChange={setKind}
        options={[
          { value: "container", label: t("reach.container") },
          { value: "host", label: t("reach.host") },
        ]}
      />
      {kind === "container" && second && (
        <>
          <Select
            label={t("reach.to")}
            showLabel
            value={second.id}
            options={options(containers)}
            onChange={setTarget}
          />
          <TextField label={t("reach.alias")} hint={t("reach.aliasHint")} value={alias} onChange={setAlias} mono />
        </>
      )}
      {kind === "host" && <TextField label={t("reach.hostName")} value={host} onChange={setHost} mono />}
      <TextField
        label={t("reach.port")}
        hint={t("reach.portHint")}
        value={port}
        onChange={setPort}
        error={portWrong ? t("reach.portRule") : undefined}
        inputMode="numeric"
        mono
      />
      {result && <Answer result={result} />}
    </FormDialog>
  );
}
