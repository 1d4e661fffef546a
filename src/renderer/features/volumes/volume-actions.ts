import i18next from "i18next";
import { create } from "zustand";
import { runBulk } from "../../components/table/run-bulk.ts";
import { client } from "../../lib/client.ts";
import { notify, reportError } from "../../lib/notify.ts";
import { performAndTell } from "../../lib/pending.ts";

/** A dialog that is open. */
export type Question =
  | { readonly kind: "create" | "prune" | "trash" }
  | { readonly kind: "import"; readonly name?: string }
  | { readonly kind: "removeMany"; readonly names: readonly string[] }
  | { readonly kind: "remove" | "export" | "clone" | "empty"; readonly name: string };

export const useQuestion = create<{ readonly open: Question | undefined }>(() => ({ open: undefined }));

export function ask(open: Question | undefined): void {
  useQuestion.setState({ open });
}

export function objectOf(name: string): string {
  return `volume:${name}`;
}

function restore(trash: string, name: string): void {
  performAndTell({
    object: objectOf(trash),
    verb: "restore",
    run: async () => {
      const { name: restored } = await client.volumes.restore({ trash });
      notify({ title: i18next.t("volumes:done.restored", { name: restored }) });
    },
    failed: i18next.t("volumes:failed.restore", { name }),
  });
}

/** Says what was removed, with the way back. */
export function tellRemoved(name: string, trash: string | undefined): void {
  if (!trash) {
    notify({ title: i18next.t("volumes:done.deleted", { name }) });
    return;
  }
  const undo = { label: i18next.t("volumes:undo"), run: () => restore(trash, name) };
  notify({ title: i18next.t("volumes:done.removed", { name }), action: undo });
}

async function restoreMany(trashes: readonly string[]): Promise<void> {
  let count = 0;
  for (const trash of trashes) {
    try {
      await client.volumes.restore({ trash });
      count += 1;
    } catch (error) {
      reportError(error);
    }
  }
  if (count > 0) notify({ title: i18next.t("volumes:done.restoredMany", { count }) });
}

/** Moves several volumes to the trash; says which could not be, and offers the way back for the others. */
export async function removeMany(names: readonly string[]): Promise<void> {
  const trashes: string[] = [];
  await runBulk({
    verb: i18next.t("volumes:verb.remove"),
    items: names,
    nameOf: (name) => name,
    run: async (name) => {
      const { trash } = await client.volumes.remove({ name, permanently: false });
      if (trash) trashes.push(trash);
    },
  });
  if (trashes.length === 0) return;
  const undo = { label: i18next.t("volumes:undo"), run: () => void restoreMany(trashes) };
  notify({ title: i18next.t("volumes:done.removedMany", { count: trashes.length }), action: undo });
}

export function setProtected(name: string, isProtected: boolean): void {
  performAndTell({
    object: objectOf(name),
    verb: "protect",
    run: () => client.volumes.protect({ name, protected: isProtected }),
    failed: i18next.t("volumes:failed.protect", { name }),
  });
}

export function measure(names: readonly string[] | undefined): void {
  client.volumes
    .measure(names ? { names: [...names] } : {})
    .catch((error: unknown) => reportError(error, i18next.t("volumes:failed.measure")));
}
