import { Info, TriangleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import type { MachineState, PortForward } from "#contract";
import { IconButton } from "../../components/ui/icon-button.tsx";
import { useMachine } from "../../hooks/use-machine.ts";

/** Notices that were read, for as long as the page is open. */
const useRead = create<{ readonly texts: ReadonlySet<string> }>(() => ({ texts: new Set() }));

function markRead(text: string): void {
  useRead.setState(({ texts }) => ({ texts: new Set(texts).add(text) }));
}

function refusedPorts(state: MachineState): readonly PortForward[] {
  return state.status === "running" ? state.forwards.filter(({ status }) => status === "refused") : [];
}

interface NoticeProps {
  readonly text: string;
  readonly serious: boolean;
}

function Notice({ text, serious }: NoticeProps) {
  const { t } = useTranslation();
  const Icon = serious ? TriangleAlert : Info;
  return (
    <div role="status" className="flex items-start gap-2.5 border-b border-line bg-paused-tint px-4 py-2">
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0 text-paused" />
      <p className="min-w-0 grow break-words select-text">{text}</p>
      <IconButton icon={X} label={t("dismiss")} onClick={() => markRead(text)} />
    </div>
  );
}

/** What the user should know of a machine that runs: what it did on its own, and ports that the host would not give. */
export function MachineNotices() {
  const { t } = useTranslation("machine");
  const state = useMachine()?.state;
  const { texts } = useRead();
  if (state?.status !== "running") return null;
  const refused = refusedPorts(state).map(({ hostPort, protocol, container, why = `${hostPort}/${protocol}` }) =>
    t("refused", { container, why }),
  );
  const unread = (text: string): boolean => !texts.has(text);
  return (
    <>
      {[...new Set(refused)].filter(unread).map((text) => (
        <Notice key={text} text={text} serious />
      ))}
      {[...new Set(state.notices)].filter(unread).map((text) => (
        <Notice key={text} text={text} serious={false} />
      ))}
    </>
  );
}
