/** Words of a command as a shell would part them: blanks divide, quotes and backslashes keep together. */
export function splitCommand(text: string): { readonly words: readonly string[] } | { readonly error: "quote" } {
  const words: string[] = [];
  let word = "";
  let started = false;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    const next = text.charAt(at + 1);
    if (sign === "\\" && quote !== "'" && next !== "" && (quote === undefined || next === '"' || next === "\\")) {
      word += next;
      started = true;
      at += 1;
    } else if (quote !== undefined) {
      if (sign === quote) quote = undefined;
      else word += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      started = true;
    } else if (/\s/.test(sign)) {
      if (started) words.push(word);
      word = "";
      started = false;
    } else {
      word += sign;
      started = true;
    }
  }
  if (quote !== undefined) return { error: "quote" };
  if (started) words.push(word);
  return { words };
}

/** A command as one line that a shell would take apart into the same words. */
export function joinCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
