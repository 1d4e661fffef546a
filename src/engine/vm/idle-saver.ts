import type { MachineSettings } from "#contract/machine.ts";

interface IdleFacts {
  readonly settings: () => Pick<MachineSettings, "idleMinutes">;
  /** Clients of the public socket that are connected now. */
  readonly connections: () => number;
  readonly suspend: () => Promise<void>;
  /** Length of a minute; tests have shorter ones. */
  readonly minuteMs: number;
}

/** Suspends a machine that nobody uses: no running container and no client for as long as the setting says. */
export function idleSaver({ settings, connections, suspend, minuteMs }: IdleFacts) {
  let running = 0;
  let idleSince: number | undefined;
  return {
    onRunning: (count: number) => {
      running = count;
    },
    /** Called every few seconds while the machine runs. */
    onTick: (now: number = performance.now()) => {
      const minutes = settings().idleMinutes;
      if (minutes === 0 || running > 0 || connections() > 0) {
        idleSince = undefined;
        return;
      }
      idleSince ??= now;
      if (now - idleSince < minutes * minuteMs) return;
      idleSince = undefined;
      // A machine that cannot be suspended now runs on and says why in its notices.
      void suspend().catch(() => undefined);
    },
  };
}
