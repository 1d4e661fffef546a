// Stands in the page itself, before everything else: it must run before the first paint, and it must be there when
// another part of the page is not.

// zod compiles schemas with `new Function` where it may; the page's policy forbids it, and even the attempt is reported.
// zod reads this before its first schema is made, which no module of ours could come before.
globalThis.__zod_globalConfig = { jitless: true };

// A theme that differs from the system's must not flash. The engine's settings are the truth; this is only their echo
// from the last visit.
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

// Chromium drops whatever it is loading when a network card comes or goes (ERR_NETWORK_CHANGED), even from 127.0.0.1;
// and a container that starts brings one. So a part that did not arrive is asked for again.
(() => {
  const pausesMs = [150, 300, 600, 1200, 2400, 4800];
  const page = document.documentElement;

  /** The last resort. Plain English: what holds the translations is what did not arrive. */
  function giveUp() {
    const button = document.createElement("button");
    button.textContent = "Load again";
    button.addEventListener("click", () => location.reload());
    document.body.replaceChildren(
      "A part of Longshore's page could not be loaded. Is Longshore still running? ",
      button,
    );
    page.hidden = false;
  }

  async function importAgain(url) {
    for (const pauseMs of pausesMs) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const failed = await import(url).then(
        () => false,
        () => true,
      );
      if (!failed) return;
    }
    giveUp();
  }

  function styleAgain(link, tries) {
    // Without its style sheet the page would be shown as a heap of text.
    page.hidden = true;
    setTimeout(() => {
      const next = link.cloneNode();
      next.addEventListener("load", () => {
        page.hidden = false;
      });
      next.addEventListener("error", () => {
        if (tries + 1 < pausesMs.length) styleAgain(next, tries + 1);
        else giveUp();
      });
      link.replaceWith(next);
    }, pausesMs[tries]);
  }

  // Such errors do not bubble, so they are caught on their way down.
  window.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLScriptElement) void importAgain(target.src);
      else if (target instanceof HTMLLinkElement && target.rel === "stylesheet" && !target.dataset.again) {
        target.dataset.again = "";
        styleAgain(target, 0);
      }
    },
    true,
  );
})();
