import { Popover } from "@base-ui/react/popover";
import { Clock } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../components/ui/button.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useSettings } from "../../../hooks/use-settings.ts";
import { formatDuration } from "../../../lib/format.ts";
import type { LogSession } from "../model/log-session.ts";
import { shortTime, type TimestampMode } from "../text/time-format.ts";
import type { ChangeLogSearch, LogSearch } from "../tools/use-log-search.ts";
import { readField, writeField } from "./time-fields.ts";

const minute = 60_000;
const quickMs = [5 * minute, 15 * minute, 60 * minute, 24 * 60 * minute] as const;

interface TimeRangeProps {
  readonly session: LogSession;
  readonly search: LogSearch;
  readonly onChange: ChangeLogSearch;
}

function useRangeWords({ from, to }: LogSearch, mode: TimestampMode): string | undefined {
  const { t } = useTranslation("logs");
  const write = (time: number): string => shortTime(time, mode);
  if (from !== undefined && to !== undefined) return t("time.range", { from: write(from), to: write(to) });
  if (from !== undefined) return t("time.since", { from: write(from) });
  return to === undefined ? undefined : t("time.until", { to: write(to) });
}

function RangeForm({ session, search, onChange, onDone }: TimeRangeProps & { readonly onDone: () => void }) {
  const { t } = useTranslation("logs");
  const mode = useSettings().settings.logTimestamps;
  const sources = session.store.getState().status?.sources ?? [];
  const oldest = Math.min(...sources.flatMap(({ oldestAt }) => oldestAt ?? []));
  const [from, setFrom] = useState(() => writeField(search.from ?? oldest, mode));
  const [to, setTo] = useState(() => writeField(search.to, mode));
  const [jump, setJump] = useState(() => writeField(search.from ?? oldest, mode));
  const range = { from: readField(from, mode), to: readField(to, mode) };
  const isBackwards = range.from !== undefined && range.to !== undefined && range.to <= range.from;
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    if (isBackwards) return;
    onChange(range);
    onDone();
  };
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const time = readField(jump, mode);
    if (time === undefined) return;
    void session.seek(time);
    onDone();
  };
  const field = { type: "datetime-local", step: "0.001" } as const;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-1">
        {quickMs.map((spanMs) => (
          <Button
            key={spanMs}
            onClick={() => {
              onChange({ from: Date.now() - spanMs, to: undefined });
              onDone();
            }}
          >
            {t("time.last", { duration: formatDuration(spanMs) })}
          </Button>
        ))}
      </div>
      <form onSubmit={apply} className="flex flex-col gap-2 border-t border-line pt-3">
        <TextField label={t("time.from")} {...field} value={from} onChange={setFrom} />
        <TextField
          label={t("time.to")}
          {...field}
          value={to}
          onChange={setTo}
          error={isBackwards ? t("time.backwards") : undefined}
        />
        <div className="flex justify-end gap-2">
          <Button
            onClick={() => {
              onChange({ from: undefined, to: undefined });
              onDone();
            }}
          >
            {t("time.clear")}
          </Button>
          <Button tone="primary" type="submit">
            {t("time.apply")}
          </Button>
        </div>
      </form>
      <form onSubmit={go} className="flex items-end gap-2 border-t border-line pt-3">
        <div className="min-w-0 grow">
          <TextField label={t("time.jump")} {...field} value={jump} onChange={setJump} />
        </div>
        <Button type="submit">{t("time.jumpGo")}</Button>
      </form>
    </div>
  );
}

/** The time range as a form, for those who do not drag over the histogram, and the jump to a time. */
export function TimeRangeMenu(props: TimeRangeProps) {
  const { t } = useTranslation("logs");
  const [open, setOpen] = useState(false);
  const words = useRangeWords(props.search, useSettings().settings.logTimestamps);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        render={
          <Button
            tone="quiet"
            icon={Clock}
            aria-label={`${t("time.label")}: ${words ?? t("time.any")}`}
            className={words ? "text-accent" : ""}
          >
            {words ?? t("time.any")}
          </Button>
        }
      />
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={4} collisionPadding={8} className="z-50">
          <Popover.Popup className="popup w-80 p-3">
            <Popover.Title className="sr-only">{t("time.label")}</Popover.Title>
            <RangeForm {...props} onDone={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
