import i18next from "i18next";
import { create } from "zustand";
import type { NetworkSummary } from "#contract";
import { client } from "../../lib/client.ts";
import { notify } from "../../lib/notify.ts";
import { performAndTell } from "../../lib/pending.ts";

export type Question =
  | { readonly kind: "create" | "prune" }
  /** Asked from the page of a network: its members are what is tested. */
  | { readonly kind: "reach"; readonly network?: string }
  | { readonly kind: "remove" | "connect"; readonly network: NetworkSummary };

export const useQuestion = create<{ readonly open: Question | undefined }>(() => ({ open: undefined }));

export function ask(open: Question | undefined): void {
  useQuestion.setState({ open });
}

/** Why no container can be connected to a network; undefined where one can. */
export function whyNotConnect({ name, builtIn }: NetworkSummary): string | undefined {
  return builtIn && name !== "bridge" ? i18next.t("networks:cannot.connect") : undefined;
}

export function removeNetwork({ id, name }: NetworkSummary, onDone: () => void): void {
  performAndTell({
    object: `network:${id}`,
    verb: "remove",
    run: async () => {
      await client.networks.remove({ id });
      notify({ title: i18next.t("networks:done.removed", { name }) });
      onDone();
    },
    failed: i18next.t("networks:failed.remove", { name }),
  });
}

export function disconnect(network: NetworkSummary, container: { id: string; name: string }): void {
  performAndTell({
    object: `network:${network.id}:${container.id}`,
    verb: "disconnect",
    run: () => client.networks.disconnect({ id: network.id, container: container.id, force: false }),
    failed: i18next.t("networks:failed.disconnect", { name: container.name }),
  });
}
