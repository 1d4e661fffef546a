import { Link, useParams } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Build, BuildStep } from "#contract";
import { PageHeader } from "../../components/screen/page-header.tsx";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { ErrorState } from "../../components/ui/error-state.tsx";
import { Skeleton } from "../../components/ui/skeleton.tsx";
import { StateChip } from "../../components/ui/state-chip.tsx";
import { useTitle } from "../../hooks/use-title.ts";
import { classes } from "../../lib/classes.ts";
import { client } from "../../lib/client.ts";
import { formatBytes, formatDuration, shortId } from "../../lib/format.ts";
import { reportError } from "../../lib/notify.ts";
import { buildName, buildTones, stepTones } from "./build-words.ts";
import { type LiveBuild, useBuild } from "./use-build.ts";

function Header({ build }: { readonly build: Build }) {
  const { t } = useTranslation("builds");
  const { state, builder, builderReason, startedAt, endedAt, context, contextBytes, argNames, secretIds } = build;
  const cancel = (): void =>
    void client.tasks.cancel({ id: build.taskId }).catch((error: unknown) => reportError(error));
  const facts = [
    t("page.context", { folder: context, size: formatBytes(contextBytes) }),
    ...(endedAt === undefined ? [] : [formatDuration(endedAt - startedAt)]),
    ...(argNames.length > 0 ? [t("page.args", { names: argNames.join(", ") })] : []),
    ...(secretIds.length > 0 ? [t("page.secrets", { ids: secretIds.join(", ") })] : []),
  ];
  return (
    <header className="shrink-0 border-b border-line">
      <PageHeader
        back={{ to: "/builds", label: t("page.back") }}
        title={buildName(build)}
        actions={
          <div className="flex gap-1.5">
            {state.status === "done" && state.imageId && (
              <Link to="/images/$id" params={{ id: shortId(state.imageId) }} className="text-link underline">
                {t("page.openImage")}
              </Link>
            )}
            {state.status === "running" && (
              <Button
                icon={X}
                aria-label={t("action", { verb: t("verb.cancel"), name: buildName(build) })}
                onClick={cancel}
              >
                {t("verb.cancel")}
              </Button>
            )}
          </div>
        }
      >
        <span role="status">
          <StateChip tone={buildTones[state.status]} label={t(`state.${state.status}`)} />
        </span>
        {builder && (
          <Badge {...(builderReason ? { tip: t("page.classicWhy", { why: builderReason }) } : {})}>
            {t(`page.${builder}`)}
          </Badge>
        )}
      </PageHeader>
      <p className="px-4 pb-2 text-sm break-all text-muted">{facts.join(" · ")}</p>
    </header>
  );
}

function Fault({ build }: { readonly build: Build }) {
  const { t } = useTranslation("builds");
  const { state, dockerfile } = build;
  if (state.status !== "failed") return null;
  const { error, fault } = state;
  return (
    <div role="alert" className="border-b border-line bg-failed-tint px-4 py-2">
      <p className="break-words text-failed">{error.message}</p>
      {fault && (
        <>
          <p className="mt-1 font-medium">{t("page.line", { line: fault.line, file: dockerfile })}</p>
          <pre className="mt-1 overflow-x-auto font-mono text-sm">
            {fault.excerpt.map(({ line, text }) => (
              <span
                key={line}
                className={classes(
                  "block px-1",
                  line === fault.line && "rounded-sm bg-surface font-medium text-failed",
                )}
              >
                {String(line).padStart(4)} {line === fault.line ? ">" : " "} {text}
                {"\n"}
              </span>
            ))}
          </pre>
        </>
      )}
    </div>
  );
}

function tookOf({ startedAt, endedAt }: BuildStep): string {
  if (startedAt === undefined || endedAt === undefined) return "";
  const seconds = (endedAt - startedAt) / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)}\u00a0s` : formatDuration(endedAt - startedAt);
}

interface StepsProps {
  readonly steps: readonly BuildStep[];
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
}

/** The stage that a step belongs to, by its name: `[build 2/3] RUN …`. */
function stageOf({ name }: BuildStep): string {
  return /^\[(?:(\S+) )?\d+\/\d+\]/.exec(name)?.[1] ?? "";
}

function Steps({ steps, chosen, onChoose }: StepsProps) {
  const { t } = useTranslation("builds");
  const look = "focus-inset flex w-full items-center gap-2 rounded-sm px-2 py-1 text-left hover:bg-hover";
  return (
    <section
      aria-label={t("page.steps")}
      className="min-h-0 overflow-y-auto border-line p-2 max-md:max-h-[40%] max-md:border-b md:w-[44%] md:border-r"
    >
      <ol>
        <li>
          <button
            type="button"
            aria-pressed={chosen === undefined}
            className={classes(look, chosen === undefined && "bg-selected")}
            onClick={() => onChoose(undefined)}
          >
            {t("page.wholeLog")}
          </button>
        </li>
        {steps.map((step) => (
          <li key={step.id} className={stageOf(step) === "" ? "" : "pl-3"}>
            <button
              type="button"
              aria-pressed={chosen === step.id}
              className={classes(look, chosen === step.id && "bg-selected")}
              onClick={() => onChoose(step.id)}
            >
              <StateChip
                tone={stepTones[step.state]}
                label={t(`step.${step.state}`)}
                className="w-20 shrink-0 text-sm"
              />
              <span data-tip-cut="" className="min-w-0 grow truncate font-mono text-sm">
                {step.name}
              </span>
              <span className="shrink-0 text-sm text-muted">{step.state === "cached" ? "" : tookOf(step)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface LogProps {
  readonly live: LiveBuild;
  readonly chosen: BuildStep | undefined;
}

/** The build's own output is shown as plain text: whatever a step prints, it is no markup and no terminal. */
function Log({ live, chosen }: LogProps) {
  const { t } = useTranslation("builds");
  const box = useRef<HTMLElement>(null);
  const follows = useRef(true);
  const { log, omitted } = live;
  const text = useMemo(
    () =>
      log
        .filter(({ step }) => chosen === undefined || step === chosen.id)
        .map((piece) => piece.text)
        .join("")
        // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are taken out here.
        .replace(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g, ""),
    [log, chosen],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when the text grows.
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  const label = chosen ? t("page.logOf", { name: chosen.name }) : t("page.log");
  const error = chosen?.error;
  return (
    <section
      ref={box}
      aria-label={label}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
      className="focus-inset relative min-h-0 grow overflow-auto p-3"
    >
      <div className="absolute top-1 right-2">
        <CopyButton text={text} name={label} />
      </div>
      {omitted > 0 && <p className="text-muted">{t("page.omitted", { count: omitted })}</p>}
      {text === "" && !error && <p className="text-muted">{t("page.emptyLog")}</p>}
      <pre className="font-mono text-sm break-all whitespace-pre-wrap select-text">{text}</pre>
      {error && <p className="mt-2 break-words text-failed">{error}</p>}
    </section>
  );
}

/** One build: its steps with times and cache hits, its log as it comes, and where it failed. */
export function BuildPage() {
  const { t } = useTranslation(["builds", "common"]);
  const { id = "" } = useParams({ strict: false });
  const live = useBuild(id);
  const { build, steps, error } = live;
  const [chosen, setChosen] = useState<string>();
  useTitle(build ? buildName(build) : t("builds:title"));
  if (!build) {
    if (error?.code === "not_found") {
      const back = (
        <Link to="/builds" className="text-link underline">
          {t("builds:page.back")}
        </Link>
      );
      return <EmptyState title={t("builds:page.notFound")} body={t("builds:page.notFoundBody")} action={back} />;
    }
    return error ? (
      <ErrorState title={t("common:failed")} message={error.message} />
    ) : (
      <Skeleton what={t("builds:title")} />
    );
  }
  return (
    <section aria-label={buildName(build)} className="flex h-full min-h-0 flex-col">
      <Header build={build} />
      <Fault build={build} />
      <div className="flex min-h-0 grow flex-col md:flex-row">
        <Steps steps={steps} chosen={chosen} onChoose={setChosen} />
        <Log live={live} chosen={steps.find((step) => step.id === chosen)} />
      </div>
    </section>
  );
}
