import { desktopOrigin } from "#contract/desktop.ts";

export const safePath = "/safe";
export const safeUrl = `${desktopOrigin}${safePath}`;

/** Shown when the screens crash again right after a reload: no script, so nothing of what crashed runs here. */
export const safePage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="color-scheme" content="light dark">
    <title>Longshore</title>
    <style nonce="__CSP_NONCE__">
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 2rem; }
      h1 { font-size: 1.2rem; font-weight: 600; }
    </style>
  </head>
  <body>
    <main>
      <h1>Longshore's window stopped working twice</h1>
      <p>Your containers are not affected: they run in the engine, not in this window. Details are in Longshore's log.</p>
      <p><a href="/">Open the window again</a></p>
    </main>
  </body>
</html>
`;
