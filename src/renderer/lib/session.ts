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

/** Exchanges the code for the session cookie. A used code is no failure here: the cookie may be there already. */
export async function exchangeCode(code: string): Promise<void> {
  await fetch("/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
    credentials: "same-origin",
  });
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
