/** Escapes that stand for a class which has the line break, as the same class without it. */
const bounded: Readonly<Record<string, string>> = { s: "[^\\S\\n]", D: "[^\\d\\n]", W: "[^\\w\\n]" };

/** Escapes that may stand for the line break, or for what is not worth working out here. */
const unclear = /[sDWnrvfcxupPk0-9]/;

/** Groups that are plain, or have a name; others look around, or change the flags. */
const plainGroup = /^\((?!\?)|^\(\?(?::|<[A-Za-z_$][\w$]*>)/;

/** The class at the beginning, its brackets included. */
const classAtStart = /^\[(?:\\[\s\S]|[^\]\\])*\]/;

function boundedClass(text: string): string | undefined {
  const isNegated = text.startsWith("[^");
  const inside = text.slice(isNegated ? 2 : 1, -1);
  // A minus in front would make a range with what is put before it.
  if (isNegated) return inside.startsWith("-") ? undefined : `[^\\n${inside}]`;
  const mayHaveBreak =
    /[^\x20-\u{10ffff}]/u.test(inside) || inside.match(/\\[\s\S]/g)?.some((pair) => unclear.test(pair));
  return mayHaveBreak ? undefined : text;
}

/** The next part of an expression, and what stands for it. */
function nextPart(rest: string, anyCase: boolean): { length: number; text: string | undefined } {
  if (rest.startsWith("[")) {
    const found = classAtStart.exec(rest)?.[0];
    return { length: found?.length ?? 1, text: found && boundedClass(found) };
  }
  if (rest.startsWith("(")) {
    const found = plainGroup.exec(rest)?.[0];
    return { length: found?.length ?? 1, text: found };
  }
  if (!rest.startsWith("\\")) return { length: 1, text: rest.charAt(0) };
  const name = rest.charAt(1);
  // Without case some letters beyond ASCII are letters of words as well.
  const isUnclear = unclear.test(name) && (bounded[name] === undefined || (name === "W" && anyCase));
  return { length: 2, text: isUnclear ? undefined : (bounded[name] ?? `\\${name}`) };
}

/**
 * A valid expression without the flags `s` and `v` as one that matches the same in a line, but no line break: so it can
 * run over many lines at once, with the flag `m`. Undefined where each line has to be tried alone.
 */
export function withinLine(source: string, { anyCase }: { anyCase: boolean }): string | undefined {
  let result = "";
  for (let at = 0; at < source.length; ) {
    const { length, text } = nextPart(source.slice(at), anyCase);
    if (text === undefined) return undefined;
    result += text;
    at += length;
  }
  return result.includes("\n") ? undefined : result;
}
