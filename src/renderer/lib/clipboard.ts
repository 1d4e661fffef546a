import i18next from "i18next";
import { notify, reportError } from "./notify.ts";

/** Puts text on the clipboard; true when it is there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    reportError(error, i18next.t("common:copyFailed"));
    return false;
  }
}

/** Copies from a menu, where no button can turn into a tick. */
export async function copyAndTell(text: string): Promise<void> {
  if (await copyText(text)) notify({ title: i18next.t("common:copied") });
}
