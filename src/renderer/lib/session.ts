import { backoffMs, pause } from "./backoff.ts";

/**
 * Takes the one-time code out of `#code=…`, so that it stays neither in the address bar nor in the history.
 * Runs before the router reads the hash.
 */
export function takeCode(): string | undefined {
  const match = /^#code=([^&]+)/.exec(location.hash);
  if (!match?.[1]) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return decodeURIComponent(match[1]);
}

const exchangeTries = 4;

/**
 * Exchanges the code for the session cookie. A used code is no failure here: the cookie may be there already. Where the
 * request does not get through, for example because Chromium drops it when a network card comes, it is sent again.
 */
export async function exchangeCode(code: string): Promise<void> {
  for (let attempt = 0; attempt < exchangeTries; attempt += 1) {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
      credentials: "same-origin",
    }).catch(() => undefined);
    if (answer) return;
    await pause(backoffMs(attempt));
  }
}

/** True where the server is there but knows no session of this page; a failed WebSocket does not say why. */
export async function isSessionOver(): Promise<boolean> {
  try {
    const response = await fetch("/session", { credentials: "same-origin", cache: "no-store" });
    return response.status === 401;
  } catch {
    return false;
  }
}
