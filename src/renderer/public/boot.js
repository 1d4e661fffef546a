// Runs before the first paint (a classic script blocks it; a module would not), so that a theme which differs from
// the system's never flashes. The engine's settings are the truth; this is only their echo from the last visit.
// zod compiles schemas with `new Function` where it may; the page's policy forbids it, and even the attempt is reported.
// zod reads this before its first schema is made, which no module of ours could come before.
globalThis.__zod_globalConfig = { jitless: true };

(() => {
  try {
    const { theme, density } = JSON.parse(localStorage.getItem("longshore.look") ?? "{}");
    const root = document.documentElement;
    if (["system", "light", "dark"].includes(theme)) root.dataset.theme = theme;
    if (["comfortable", "compact"].includes(density)) root.dataset.density = density;
  } catch {
    // Storage is blocked or damaged: the system's theme is right enough.
  }
})();
