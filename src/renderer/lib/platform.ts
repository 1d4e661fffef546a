/** True where ⌘ is the command key; only for the words and keys of shortcuts. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The command key of this platform was held. */
export function hasCommandKey(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  return isMac ? event.metaKey : event.ctrlKey;
}
