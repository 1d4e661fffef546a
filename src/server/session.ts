import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Who may use the browser mode: a one-time code, printed to the terminal, is exchanged for a cookie. Both are random
 * 256-bit values; only hashes are compared, in constant time.
 */
export interface Sessions {
  /** A new code; it replaces the one that was not used yet. */
  issueCode(): string;
  /** The value of a new session's cookie, or undefined where the code is wrong or was used. */
  redeem(code: string): string | undefined;
  isValid(cookie: string | undefined): boolean;
}

/** More browsers than one person has open; the oldest session gives way. */
const maxSessions = 32;

function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

export function createSessions(): Sessions {
  let code: Buffer | undefined;
  const sessions: Buffer[] = [];
  return {
    issueCode() {
      const secret = newSecret();
      code = digest(secret);
      return secret;
    },
    redeem(given) {
      if (!code || !timingSafeEqual(code, digest(given))) return undefined;
      code = undefined;
      const cookie = newSecret();
      sessions.push(digest(cookie));
      if (sessions.length > maxSessions) sessions.shift();
      return cookie;
    },
    isValid(cookie) {
      if (cookie === undefined) return false;
      const given = digest(cookie);
      // No early end: how long this takes must not tell which session came close.
      return sessions.reduce((valid, session) => timingSafeEqual(session, given) || valid, false);
    },
  };
}
