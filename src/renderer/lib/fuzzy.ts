/**
 * How well `query` matches `text`: all of its letters in order, more points for words and runs. Undefined: not at all.
 */
export function fuzzyScore(text: string, query: string): number | undefined {
  const haystack = text.toLowerCase();
  const needle = query.toLowerCase().replaceAll(/\s+/g, "");
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of needle) {
    const at = haystack.indexOf(letter, from);
    if (at < 0) return undefined;
    const startsWord = at === 0 || /[\s\-_./:]/.test(haystack[at - 1] ?? "");
    score += at === last + 1 ? 3 : startsWord ? 2 : 0;
    score -= Math.min(3, at - from) * 0.1;
    last = at;
    from = at + 1;
  }
  if (haystack.includes(query.toLowerCase())) score += 6;
  return score - haystack.length * 0.01;
}
