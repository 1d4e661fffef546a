/** JSON that carries bytes too: what the debugging protocol can hand between Node and the preload's world. */
const bytesKey = "\u0000bytes";

export function encode(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    // `toJSON` has turned a Buffer into `{type, data}` by now, so plain bytes are what is left to carry.
    entry instanceof Uint8Array ? { [bytesKey]: Buffer.from(entry).toString("base64") } : entry,
  );
}

export function decode(text: string): unknown {
  return JSON.parse(text, (_key, entry: unknown) => {
    if (typeof entry !== "object" || entry === null || !(bytesKey in entry)) return entry;
    return new Uint8Array(Buffer.from(String(entry[bytesKey]), "base64"));
  });
}

/** The same two functions as text, for the preload's world, which has no Buffer. */
export const wireSource = `
const bytesKey = "\\u0000bytes";
const encode = (value) => JSON.stringify(value, (_key, entry) => {
  if (!(entry instanceof Uint8Array)) return entry;
  let text = "";
  for (let at = 0; at < entry.length; at += 8192) text += String.fromCharCode(...entry.subarray(at, at + 8192));
  return { [bytesKey]: btoa(text) };
});
const decode = (text) => JSON.parse(text, (_key, entry) =>
  typeof entry === "object" && entry !== null && bytesKey in entry
    ? Uint8Array.from(atob(entry[bytesKey]), (letter) => letter.charCodeAt(0))
    : entry);
`;
