import { useEffect } from "react";
import { useLiveValue } from "../hooks/use-live.ts";
import { settingsSource } from "../lib/sources.ts";

/** Puts theme and density on the page, and leaves an echo of them for the first paint of the next visit. */
export function useLook(): void {
  const settings = useLiveValue(settingsSource)?.settings;
  const theme = settings?.theme;
  const density = settings?.density;
  useEffect(() => {
    if (!theme || !density) return;
    Object.assign(document.documentElement.dataset, { theme, density });
    try {
      localStorage.setItem("longshore.look", JSON.stringify({ theme, density }));
    } catch {
      // Storage is blocked: the next first paint follows the system, and then the settings.
    }
  }, [theme, density]);
}
