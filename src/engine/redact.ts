const secretKey = /pass(word|wd|phrase)?|secret|token|authorization|credential|api[-_]?key|private[-_]?key|cookie/i;

/** Values that give themselves away whatever they are called. */
const secretValues: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):[^/\s@]+@/gi, "$1:[hidden]@"],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/_=.-]{8,}/gi, "$1 [hidden]"],
  [/#code=[A-Za-z0-9_-]+/g, "#code=[hidden]"],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}/g, "[hidden]"],
  [/\bAKIA[0-9A-Z]{16}\b/g, "[hidden]"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, "[hidden]"],
  [/\b([A-Za-z0-9_]*(?:PASS(?:WORD|WD)?|SECRET|TOKEN|API_?KEY)[A-Za-z0-9_]*)=\S+/gi, "$1=[hidden]"],
];

/** The text without what looks like a secret. */
export function redactText(text: string): string {
  return secretValues.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** A copy of a plain value in which secrets are hidden, by key and by the look of the value. */
export function redact(value: unknown, key = ""): unknown {
  if (typeof value === "string") return secretKey.test(key) ? "[hidden]" : redactText(value);
  if (value instanceof Error) return { message: redactText(value.message), stack: redactText(value.stack ?? "") };
  if (Array.isArray(value)) return value.map((entry) => redact(entry, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, redact(entry, name)]));
}
