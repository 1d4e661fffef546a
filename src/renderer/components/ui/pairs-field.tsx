import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { inputLook } from "./text-field.tsx";

export interface Pair {
  readonly key: string;
  readonly value: string;
}

interface PairsFieldProps {
  readonly label: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
}

/** Pairs as an object; those without a key are left out. */
export function toRecord(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.filter(({ key }) => key !== "").map(({ key, value }) => [key, value]));
}

/** Any number of names with values: labels, driver options. */
export function PairsField({ label, pairs, onChange }: PairsFieldProps) {
  const { t } = useTranslation();
  const change = (index: number, next: Partial<Pair>): void =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...next } : pair)));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">
        {label} <span className="font-normal text-muted">{t("optional")}</span>
      </legend>
      {pairs.map((pair, index) => (
        // The order is the identity: rows are only added at the end or taken out.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} className="flex items-center gap-1.5">
          <input
            aria-label={t("pairs.key", { label, number: index + 1 })}
            value={pair.key}
            spellCheck={false}
            onChange={(event) => change(index, { key: event.target.value })}
            className={`${inputLook} font-mono text-sm`}
          />
          <input
            aria-label={t("pairs.value", { label, number: index + 1 })}
            value={pair.value}
            spellCheck={false}
            onChange={(event) => change(index, { value: event.target.value })}
            className={`${inputLook} font-mono text-sm`}
          />
          <IconButton
            icon={X}
            label={t("pairs.remove", { label, number: index + 1 })}
            onClick={() => onChange(pairs.filter((_pair, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button tone="quiet" icon={Plus} onClick={() => onChange([...pairs, { key: "", value: "" }])}>
          {t("pairs.add", { label: label.toLowerCase() })}
        </Button>
      </div>
    </fieldset>
  );
}
