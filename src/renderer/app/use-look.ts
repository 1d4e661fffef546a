import { useEffect } from "react";
import { useToldSettings } from "../hooks/use-settings.ts";

/** Puts theme and density on the page, and leaves an echo of them for the first paint of the next visit. */
export function useLook(): void {
  const settings = useToldSettings()?.settings;
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
