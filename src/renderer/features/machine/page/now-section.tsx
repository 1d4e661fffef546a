import { useTranslation } from "react-i18next";
import type { MachineState, MachineUsage, MachineView } from "#contract";
import { StateChip } from "../../../components/ui/state-chip.tsx";
import { formatAgo, formatBytes, formatGibibytes, formatSeconds } from "../../../lib/format.ts";
import { stateTones } from "../machine-state.ts";
import { Group } from "./parts.tsx";

interface MeterProps {
  readonly label: string;
  readonly used: number;
  readonly total: number;
  readonly text: string;
}

function Meter({ label, used, total, text }: MeterProps) {
  const share = total > 0 ? Math.min(1, used / total) : 0;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline justify-between gap-4">
        <span className="text-muted">{label}</span>
        <span>{text}</span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={text}
        className="h-1.5 overflow-hidden rounded-full bg-active"
      >
        <div
          className={share > 0.9 ? "h-full bg-failed" : "h-full bg-accent"}
          style={{ width: `${Math.max(share * 100, used > 0 ? 1 : 0)}%` }}
        />
      </div>
    </div>
  );
}

function Runtime({ state }: { readonly state: Extract<MachineState, { status: "running" }> }) {
  const { t } = useTranslation("machine");
  const { driver, driverVersion, accelerator, reason, imageId, adopted } = state.runtime;
  const how = accelerator === "tcg" ? t("now.emulation") : accelerator;
  const rows = [
    [t("now.hypervisor"), `${t(`now.driver.${driver}`)} ${driverVersion}, ${how}`],
    [t("now.why"), reason],
    [t("now.image"), imageId.slice(0, 12)],
    [
      t("now.up"),
      adopted
        ? t("now.adopted")
        : t("now.upFor", { ago: formatAgo(state.startedAt), took: formatSeconds(state.startMs) }),
    ],
  ] as const;
  return (
    <dl className="grid grid-cols-[minmax(112px,max-content)_1fr] gap-x-6 gap-y-1">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 break-words select-text">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface NowProps {
  readonly view: MachineView;
  readonly usage: MachineUsage | undefined;
}

function Meters({ view, usage }: NowProps) {
  const { t } = useTranslation("machine");
  if (!usage) return null;
  const { guestMemory, hostMemoryBytes, guestDisk, hostDiskBytes, host } = usage;
  const maxDisk = view.disk?.maxBytes ?? view.settings.diskBytes;
  return (
    <div className="flex flex-col gap-3">
      {guestMemory && (
        <Meter
          label={t("now.memory")}
          used={guestMemory.usedBytes}
          total={guestMemory.totalBytes}
          text={t("now.of", {
            used: formatBytes(guestMemory.usedBytes),
            total: formatGibibytes(view.settings.memoryBytes),
          })}
        />
      )}
      {hostMemoryBytes !== undefined && (
        <Meter
          label={t("now.hostMemory")}
          used={hostMemoryBytes}
          total={host.memoryBytes}
          text={t("now.of", { used: formatBytes(hostMemoryBytes), total: formatGibibytes(host.memoryBytes) })}
        />
      )}
      {guestDisk && guestDisk.totalBytes > 0 && (
        <Meter
          label={t("now.disk")}
          used={guestDisk.usedBytes}
          total={guestDisk.totalBytes}
          text={t("now.of", { used: formatBytes(guestDisk.usedBytes), total: formatGibibytes(maxDisk) })}
        />
      )}
      {hostDiskBytes !== undefined && (
        <Meter
          label={t("now.hostDisk")}
          used={hostDiskBytes}
          total={hostDiskBytes + host.freeDiskBytes}
          text={t("now.free", { used: formatBytes(hostDiskBytes), free: formatBytes(host.freeDiskBytes) })}
        />
      )}
    </div>
  );
}

/** How the machine stands just now: what it takes of this computer, and how it runs and why. */
export function NowSection({ view, usage }: NowProps) {
  const { t } = useTranslation("machine");
  const { state } = view;
  return (
    <Group title={t("now.title")}>
      <StateChip tone={stateTones[state.status]} label={t(`state.${state.status}`)} />
      {state.status === "broken" && <p className="break-words text-failed select-text">{state.why}</p>}
      {state.status === "running" && <Runtime state={state} />}
      <Meters view={view} usage={usage} />
    </Group>
  );
}
