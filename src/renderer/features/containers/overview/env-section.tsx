import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContainerDetails } from "#contract";
import { Rows, Section } from "../../../components/details/parts.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { CopyButton } from "../../../components/ui/copy-button.tsx";
import { IconButton } from "../../../components/ui/icon-button.tsx";
import { Mono } from "../../../components/ui/mono.tsx";

const mask = "••••••••";

type Variable = ContainerDetails["env"][number];

interface ValueProps {
  readonly variable: Variable;
  readonly shown: boolean;
  readonly onToggle: () => void;
}

function Value({ variable: { name, value }, shown, onToggle }: ValueProps) {
  const { t } = useTranslation(["containers", "common"]);
  const what = t("containers:overview.value", { name });
  return (
    <span className="flex items-start gap-1">
      <span className="min-w-0 py-0.5">
        <Mono wrap text={shown ? value : mask} className={shown ? "" : "text-muted"} />
      </span>
      <IconButton
        icon={shown ? EyeOff : Eye}
        label={t(shown ? "common:conceal" : "common:reveal", { name: what })}
        aria-pressed={shown}
        onClick={onToggle}
      />
      <CopyButton text={value} name={what} />
    </span>
  );
}

/** Environment variables; their values may be secrets, so each is shown only when asked for. */
export function EnvSection({ env }: { readonly env: readonly Variable[] }) {
  const { t } = useTranslation("containers");
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const allShown = env.length > 0 && env.every(({ name }) => shown.has(name));
  const toggle = (name: string): void => {
    const next = new Set(shown);
    if (!next.delete(name)) next.add(name);
    setShown(next);
  };
  const toggleAll = (): void => setShown(new Set(allShown ? [] : env.map(({ name }) => name)));
  const tools = env.length > 0 && (
    <Button tone="quiet" className="ml-auto" onClick={toggleAll}>
      {t(allShown ? "overview.concealAll" : "overview.revealAll")}
    </Button>
  );
  return (
    <Section title={t("overview.env")} tools={tools}>
      <Rows
        label={t("overview.env")}
        headers={[t("overview.variable"), t("overview.valueColumn")]}
        rows={env}
        keyOf={({ name }) => name}
        none={t("overview.noEnv")}
        cells={(variable) => [
          <Mono key="name" wrap text={variable.name} />,
          <Value
            key="value"
            variable={variable}
            shown={shown.has(variable.name)}
            onToggle={() => toggle(variable.name)}
          />,
        ]}
      />
    </Section>
  );
}
