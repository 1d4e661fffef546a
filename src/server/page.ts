import { createHash, randomBytes } from "node:crypto";

const nonceMark = "__CSP_NONCE__";

export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Allowed {
  readonly nonce: string;
  readonly connect: string;
  /** Of the scripts that stand in the page itself. */
  readonly hashes: readonly string[];
}

/** Hashes of the scripts that a template of ours holds, as its policy names them. */
function scriptHashes(template: string): string[] {
  return [...template.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
}

/**
 * The policy of the one page: nothing but our own files, and the very script that was built into it. Styles take a
 * nonce besides, because the terminal, the editor and the dialogs add `<style>` elements while they run.
 */
function contentSecurityPolicy({ nonce, connect, hashes }: Allowed): string {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(" "),
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
      "Content-Security-Policy": contentSecurityPolicy({ nonce, connect, hashes: scriptHashes(template) }),
    },
  };
}
