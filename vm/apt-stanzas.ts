/** One package version as the archive's index describes it. */
export interface AptStanza {
  name: string;
  version: string;
  sha256: string;
  sizeBytes: number;
  /** Source package, for the bill of materials. */
  source: string;
  depends: string;
}

/** Reads the output of `apt-cache show`: stanzas parted by an empty line, newest version of a name first. */
export function parseStanzas(text: string): AptStanza[] {
  return text
    .split(/\n\n+/)
    .map(parseStanza)
    .filter((stanza) => stanza !== undefined);
}

function parseStanza(text: string): AptStanza | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^([A-Za-z0-9-]+): (.*)$/.exec(line);
    if (match?.[1]) fields.set(match[1], match[2] ?? "");
  }
  const name = fields.get("Package");
  const version = fields.get("Version");
  const sha256 = fields.get("SHA256");
  if (!name || !version || !sha256) return undefined;
  return {
    name,
    version,
    sha256,
    sizeBytes: Number(fields.get("Size") ?? 0),
    source: (fields.get("Source") ?? name).replace(/ .*/, ""),
    depends: fields.get("Depends") ?? "",
  };
}
