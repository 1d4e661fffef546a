import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MachineState } from "#contract";
import { CopyButton } from "../../components/ui/copy-button.tsx";
import { hasConsole, stateSince } from "./machine-state.ts";
import { useConsole } from "./use-console.ts";

/** What the guest prints while it starts; follows its end until one scrolls up. */
export function ConsolePane({ state }: { readonly state: MachineState }) {
  const { t } = useTranslation("machine");
  const open = hasConsole(state);
  // A failure keeps the run that it ended; each further run has a console of its own.
  const run = state.status === "broken" ? "broken" : String(stateSince(state));
  const lines = useConsole(open ? run : undefined);
  const scroller = useRef<HTMLElement>(null);
  const [following, setFollowing] = useState(true);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && following && lines.length > 0) element.scrollTop = element.scrollHeight;
  }, [lines, following]);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element) setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < 24);
  };
  return (
    <div className="flex min-w-0 grow flex-col gap-1.5">
      <div className="flex min-h-6 items-center gap-2">
        <h2 className="font-medium">{t("console.title")}</h2>
        {lines.length > 0 && (
          <CopyButton text={lines.map(({ text }) => text).join("\n")} name={t("console.title").toLowerCase()} />
        )}
      </div>
      <section
        ref={scroller}
        aria-label={t("console.title")}
        tabIndex={0}
        onScroll={onScroll}
        className="focus-inset h-64 shrink-0 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm min-[900px]:h-auto min-[900px]:grow min-[900px]:basis-64"
      >
        {lines.length === 0 ? (
          <p className="font-sans text-muted">{t(open ? "console.empty" : "console.before")}</p>
        ) : (
          lines.map(({ id, text }) => (
            <div key={id} className="break-all whitespace-pre-wrap select-text">
              {text === "" ? "\u00a0" : text}
            </div>
          ))
        )}
      </section>
    </div>
  );
}
