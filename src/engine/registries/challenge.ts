/** What a registry asks for with status 401 (RFC 9110, `WWW-Authenticate`). */
export interface Challenge {
  readonly scheme: "basic" | "bearer";
  readonly parameters: Readonly<Record<string, string>>;
}

const parameter = /([a-zA-Z0-9_-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/** Reads the header; undefined for a scheme that registries do not use. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, word = "", rest = ""] = /^\s*([a-zA-Z]+)\s*(.*)$/s.exec(header ?? "") ?? [];
  const scheme = word.toLowerCase();
  if (scheme !== "basic" && scheme !== "bearer") return undefined;
  const parameters: Record<string, string> = {};
  for (const [, name = "", quoted, plain] of rest.matchAll(parameter)) {
    parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
  }
  return { scheme, parameters };
}
