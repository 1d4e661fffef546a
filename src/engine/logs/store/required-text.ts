/** Shorter texts stand in too many lines to be worth looking for. */
const leastLength = 3;

/** An escape that stands for a character by its number or name, or for a group: none is worth understanding here. */
const byNumber = /[xucpPk0-9]/;

/** Where case does not count, these have partners beyond ASCII: the long s and the sign for kelvin. */
const folded = /[ks]/i;

const plain = /^[\x20-\x7e]$/;

/** Thrown where an expression is beyond what is read here. */
class Unread extends Error {}

/** Reads a valid expression for texts that no match can do without. */
class Reader {
  readonly #source: string;
  readonly #anyCase: boolean;
  #at = 0;

  constructor(source: string, anyCase: boolean) {
    this.#source = source;
    this.#anyCase = anyCase;
  }

  /** The longest text that each match of this group has, up to the group's end; empty where there are alternatives. */
  group(): string {
    let best = "";
    let run = "";
    let isChoice = false;
    const note = (text: string): void => {
      if (text.length > best.length) best = text;
    };
    while (this.#at < this.#source.length && this.#source[this.#at] !== ")") {
      if (this.#take("|")) isChoice = true;
      const atom = this.#atom();
      const times = this.#quantifier();
      if ("char" in atom && times.least > 0) run += atom.char;
      if ("assertion" in atom || ("char" in atom && times.once)) continue;
      note(run);
      run = "";
      if ("inner" in atom && times.least > 0) note(atom.inner);
    }
    note(run);
    this.#take(")");
    return isChoice ? "" : best;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** One character, a group, what stands between characters, or anything else. */
  #atom(): { char: string } | { inner: string } | { assertion: true } | { other: true } {
    if (this.#take("(")) return { inner: this.#groupInside() };
    if (this.#take("[")) return this.#passClass();
    if (this.#take("^") || this.#take("$") || this.#take("\\b") || this.#take("\\B")) return { assertion: true };
    const isEscaped = this.#take("\\");
    const char = this.#source[this.#at] ?? "";
    // An empty alternative.
    if (!isEscaped && (char === "|" || char === ")")) return { other: true };
    this.#at += 1;
    if (isEscaped ? byNumber.test(char) : char === "{") throw new Unread();
    const isOther = isEscaped ? /[A-Za-z]/.test(char) : char === ".";
    if (isOther || !plain.test(char) || (this.#anyCase && folded.test(char))) return { other: true };
    return { char };
  }

  #groupInside(): string {
    const head = /^\?(?::|<[A-Za-z_$][\w$]*>)/.exec(this.#source.slice(this.#at))?.[0];
    const isPlain = head !== undefined || this.#source[this.#at] !== "?";
    if (isPlain) {
      this.#at += head?.length ?? 0;
      return this.group();
    }
    // What stands in `(?=`, `(?!`, `(?<=` and `(?<!` need not be there, and `(?i:` has rules of its own.
    this.group();
    return "";
  }

  #passClass(): { other: true } {
    while (this.#at < this.#source.length && !this.#take("]")) this.#at += this.#source[this.#at] === "\\" ? 2 : 1;
    return { other: true };
  }

  #quantifier(): { least: number; once: boolean } {
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#source.slice(this.#at));
    if (!found) return { least: 1, once: true };
    this.#at += found[0].length;
    const least = found[0].startsWith("+") ? 1 : Number(found[1] ?? 0);
    return { least, once: false };
  }
}

/**
 * A text of ASCII that stands in everything that a valid expression without the flag `v` can match, so that only lines
 * which have it need be tried; undefined where there is none of some length.
 */
export function requiredText(source: string, { anyCase }: { anyCase: boolean }): string | undefined {
  try {
    const text = new Reader(source, anyCase).group();
    return text.length >= leastLength ? text : undefined;
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
}
