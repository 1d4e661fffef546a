import type { WebContents } from "electron";
import { safeUrl } from "./safe-page.ts";

/** A page that lived this long was sound; its next crash is a first one again. */
const soundAfterMs = 60_000;

/** Reloads a page whose process died; where it dies again within a minute, shows the safe page instead. */
export function recoverFromCrashes(contents: WebContents, onCrash: (reason: string) => void): void {
  let lastCrashAt = Number.NEGATIVE_INFINITY;
  contents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit") return;
    onCrash(reason);
    const again = performance.now() - lastCrashAt < soundAfterMs;
    lastCrashAt = performance.now();
    if (again) void contents.loadURL(safeUrl);
    else contents.reload();
  });
}
