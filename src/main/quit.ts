import type { App } from "electron";

/** An engine that cannot close in this time is left to the operating system. */
const closeWithinMs = 15_000;

/** Closes what `close` closes before the app ends, whoever asks it to. Answers whether the app is ending. */
export function closeBeforeQuit(app: App, close: () => Promise<void>): { readonly isQuitting: () => boolean } {
  let stage: "running" | "closing" | "closed" = "running";
  app.on("before-quit", (event) => {
    if (stage === "closed") return;
    event.preventDefault();
    if (stage === "closing") return;
    stage = "closing";
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, closeWithinMs));
    void Promise.race([close(), deadline]).finally(() => {
      stage = "closed";
      app.quit();
    });
  });
  return { isQuitting: () => stage !== "running" };
}
