import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type EngineTestResult, toAppError } from "#contract";
import { Button } from "../../components/ui/button.tsx";
import { RadioGroup, type RadioOption } from "../../components/ui/radio-group.tsx";
import { TextField } from "../../components/ui/text-field.tsx";
import { useEngineChoice, useMachine } from "../../hooks/use-machine.ts";
import { useChangeSettings, useSettings } from "../../hooks/use-settings.ts";
import { client } from "../../lib/client.ts";

const urlPattern = /^(unix|npipe|tcp|http|https|ssh):\/\/./;
const custom = "custom";

function TestOutcome({ result }: { readonly result: EngineTestResult }) {
  const { t } = useTranslation("settings");
  if (!result.ok) {
    return (
      <p role="alert" className="text-failed">
        {t("choice.testFailed")}: {result.why}
      </p>
    );
  }
  const { endpoint, version, api, platform } = result;
  return (
    <p role="status" className="text-running">
      {t("choice.testOk", { host: endpoint.host, version, api, platform })}
    </p>
  );
}

/** Tests an engine without switching to it. */
function useEngineTest() {
  const [state, setState] = useState<{ testing: boolean; result?: EngineTestResult }>({ testing: false });
  const run = async (choice: string): Promise<void> => {
    setState({ testing: true });
    try {
      setState({ testing: false, result: await client.engine.test({ choice }) });
    } catch (error) {
      setState({ testing: false, result: { ok: false, why: toAppError(error).message } });
    }
  };
  return { ...state, run, clear: () => setState({ testing: false }) };
}

function useChoices(): readonly RadioOption<string>[] {
  const { t } = useTranslation("settings");
  const { data } = useQuery({ queryKey: ["engine", "discover"], queryFn: () => client.engine.discover({}) });
  const { socket } = useMachine() ?? {};
  // The machine is a choice of its own; the address of its socket would be a second one.
  const others = (data?.endpoints ?? []).filter(
    ({ source, host }) => source !== "machine" && host !== `unix://${socket}`,
  );
  const hosts = new Map(others.map(({ host, context }) => [host, context]));
  return [
    { value: "auto", label: t("choice.auto"), hint: t("choice.autoHint") },
    { value: "vm", label: t("choice.vm"), hint: t("choice.vmHint") },
    ...[...hosts].map(([host, context]) => ({
      value: host,
      label: context ? t("choice.context", { name: context }) : t("choice.found"),
      hint: host,
    })),
    { value: custom, label: t("choice.custom"), hint: t("choice.urlHint") },
  ];
}

/** Which engine Longshore speaks to: chosen, tested, and only then applied. */
export function EngineChoice() {
  const { t } = useTranslation("settings");
  const { settings, readOnly } = useSettings();
  const change = useChangeSettings();
  const choices = useChoices();
  const test = useEngineTest();
  const [picked, setPicked] = useState<string>();
  const [url, setUrl] = useState("");
  const isListed = choices.some(({ value }) => value === settings.engine);
  const value = picked ?? (isListed ? settings.engine : custom);
  const address = picked === undefined && !isListed ? settings.engine : url;
  const draft = value === custom ? address.trim() : value;
  const invalid = value === custom && address !== "" && !urlPattern.test(draft) ? t("choice.urlInvalid") : undefined;
  const usable = draft !== "" && !invalid;
  const changed = usable && draft !== settings.engine;
  const overridden = useEngineChoice().fromOption;
  const reset = (): void => {
    setPicked(undefined);
    setUrl("");
    test.clear();
  };
  return (
    <section aria-label={t("engine")} className="flex flex-col gap-3 border-b border-line py-5">
      <h2 className="text-lg font-medium">{t("engine")}</h2>
      <p className="text-sm text-muted">{t("choice.hint")}</p>
      {overridden && <p className="rounded-md bg-paused-tint px-3 py-2 text-paused">{t("choice.overridden")}</p>}
      <RadioGroup
        label={t("choice.label")}
        value={value}
        options={choices}
        onChange={(next) => {
          setPicked(next);
          test.clear();
        }}
      />
      {value === custom && (
        <TextField
          mono
          label={t("choice.url")}
          value={address}
          error={invalid}
          onChange={(text) => {
            setPicked(custom);
            setUrl(text);
            test.clear();
          }}
        />
      )}
      {draft.startsWith("tcp://") && <p className="text-sm text-paused">{t("choice.insecure")}</p>}
      {test.result && <TestOutcome result={test.result} />}
      {changed && <p>{t("choice.change", { from: settings.engine, to: draft })}</p>}
      <div className="flex flex-wrap gap-2">
        <Button
          busy={test.testing}
          disabledReason={usable ? undefined : t("choice.urlInvalid")}
          onClick={() => void test.run(draft)}
        >
          {t("choice.test")}
        </Button>
        {changed && (
          <>
            <Button
              tone="primary"
              disabledReason={readOnly ? t("readOnly") : undefined}
              onClick={() => {
                change({ engine: draft });
                reset();
              }}
            >
              {t("choice.apply")}
            </Button>
            <Button tone="quiet" onClick={reset}>
              {t("choice.revert")}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
