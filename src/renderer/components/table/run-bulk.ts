import i18next from "i18next";
import { create } from "zustand";
import { type BulkResult, forEachItem } from "../../lib/bulk.ts";
import { notify } from "../../lib/notify.ts";

interface ResultLine {
  readonly name: string;
  readonly error: string | undefined;
}

interface Results {
  readonly shown: { readonly verb: string; readonly lines: readonly ResultLine[] } | undefined;
}

/** The lines of the last bulk action while they are shown. */
export const useBulkResults = create<Results>(() => ({ shown: undefined }));

interface BulkOptions<T> {
  /** As on its button: "Stop". */
  readonly verb: string;
  readonly items: readonly T[];
  readonly nameOf: (item: T) => string;
  readonly run: (item: T) => Promise<unknown>;
}

function tell(verb: string, results: readonly BulkResult<unknown>[], lines: readonly ResultLine[]): void {
  const failed = results.filter(({ error }) => error && error.code !== "cancelled").length;
  const done = results.length - failed;
  const show = (): void => useBulkResults.setState({ shown: { verb, lines } });
  if (failed === 0) notify({ title: i18next.t("common:bulk.done", { verb, count: done }) });
  else {
    const title = i18next.t("common:bulk.partly", { verb, done, failed });
    notify({ title, action: { label: i18next.t("common:bulk.show"), run: show } });
  }
}

/** Does one thing to every selected object; what fails is told by name, and the rest is done all the same. */
export async function runBulk<T>({ verb, items, nameOf, run }: BulkOptions<T>): Promise<void> {
  const results = await forEachItem(items, run);
  const lines = results.map(({ item, error }) => ({ name: nameOf(item), error: error?.message }));
  tell(verb, results, lines);
}
