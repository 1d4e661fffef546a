import { randomBytes } from "node:crypto";

const nonceMark = "__CSP_NONCE__";

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The policy of the one page: nothing but our own files. Styles take a nonce besides, because the terminal, the editor
 * and the dialogs add `<style>` elements while they run.
 */
function contentSecurityPolicy(nonce: string, connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/** Headers for every answer, whichever host serves it. */
export const commonHeaders: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The built `index.html` with a nonce of its own for this load. `connect` is what the page may connect to besides itself. */
export function renderPage(template: string, connect = "'self'"): Page {
  const nonce = randomBytes(16).toString("base64url");
  return {
    html: template.replaceAll(nonceMark, nonce),
    headers: {
      ...commonHeaders,
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": contentSecurityPolicy(nonce, connect),
    },
  };
}
