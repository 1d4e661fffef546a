import i18next from "i18next";
import type { MachineRepair, MachineView } from "#contract";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { perform } from "../../lib/pending.ts";
import { queryClient } from "../../lib/query-client.ts";
import { machineSource } from "../../lib/sources.ts";

/** Under this name the pending verb of the machine is kept. */
export const machineObject = "machine";

export type MachineVerb = "start" | "stop" | "suspend" | "resume" | "restart";

function run(verb: MachineVerb): Promise<unknown> {
  // A restart is the repair that changes nothing: a clean stop, then a start, as one operation.
  if (verb === "restart") return client.machine.repair({ repair: "start-again" });
  return client.machine[verb]({});
}

/** A machine that broke has the screen for the reason and the repairs; a toast would only repeat it. */
function tell(error: unknown, title: string): void {
  const status = queryClient.getQueryData<MachineView>(machineSource.key)?.state.status;
  // The failed call may be here before the state that tells of it.
  if (status === "broken" || status === "starting" || status === "resuming") return;
  reportError(error, title);
}

/** While a start is under way a stop ends it, so it must not wait for its end. */
export function actOnMachine(verb: MachineVerb): void {
  const object = verb === "stop" ? `${machineObject}:stop` : machineObject;
  perform({ object, verb, run: () => run(verb) }).catch((error: unknown) =>
    tell(error, i18next.t(`machine:failed.${verb}`)),
  );
}

export async function repairMachine(repair: MachineRepair): Promise<void> {
  try {
    await perform({
      object: machineObject,
      verb: repair,
      run: async () => {
        const { message, path } = await client.machine.repair({ repair });
        notify({ title: message, ...(path === undefined ? {} : { details: path }) });
      },
    });
  } catch (error) {
    tell(error, i18next.t("machine:failed.repair"));
  }
}

/** Opens a terminal whose docker CLI speaks to this engine. */
export function openTerminal(): void {
  client.machine.openTerminal({}).catch((error: unknown) => reportError(error, i18next.t("machine:failed.terminal")));
}
