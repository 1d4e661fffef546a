import type { LongshoreHandlers } from "#contract";
import type { TaskHub } from "../tasks/hub.ts";

/** Handlers of `tasks`. */
export function taskHandlers(hub: TaskHub): LongshoreHandlers["tasks"] {
  return {
    watch: (_input, signal) => hub.watch(signal),
    cancel: ({ id }) => {
      hub.cancel(id);
      return {};
    },
    dismiss: ({ id }) => {
      hub.dismiss(id);
      return {};
    },
    dismissEnded: () => {
      hub.dismissEnded();
      return {};
    },
  };
}
