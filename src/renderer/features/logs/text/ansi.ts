import { applySgr, type TextStyle } from "./sgr.ts";

/** A part of a line: text to show, or the place where something was taken out that would move or hide text. */
export type Piece =
  | {
      readonly kind: "text";
      readonly text: string /** Offset in the raw line. */;
      readonly at: number;
      readonly style: TextStyle;
    }
  | {
      readonly kind: "dropped" /** What it was, in readable characters. */;
      readonly what: string;
      readonly at: number;
    };

const plain: TextStyle = {};

/** Beyond this, the rest of a line has one style: a line of nothing but escapes must not make ten thousand elements. */
const mostPieces = 800;
/** What a marker tells of the text that it stands for. */
const mostTold = 120;

/** Controls but the tab, C1, line and paragraph separators, and what overrides the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const special = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const allSpecial = new RegExp(special, "g");

const esc = "\u001b";
/** Two-character introducers after ESC, and their single characters of C1. */
const stringStarts = new Set(["P", "X", "]", "^", "_", "\u0090", "\u0098", "\u009d", "\u009e", "\u009f"]);
const controlSequence = /[0-?]*([ -/]*)([@-~])/y;
const shortEscape = /[ -/]*[0-~]/y;
// The text of a string must not hide what follows when its end is missing, so it cannot reach over another escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const stringBody = /[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Control characters as their pictures (␛, ␇), others by number. */
export function readable(text: string): string {
  return text.slice(0, mostTold).replaceAll(allSpecial, (char) => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "␡" : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

interface Escape {
  readonly end: number;
  /** Parameters of a sequence that sets colours. */
  readonly sgr?: string;
}

/** Where the escape or control character at `at` ends. */
function readEscape(raw: string, at: number): Escape {
  const first = raw[at] ?? "";
  const isC1 = first >= "\u0080" && first <= "\u009f";
  if (first !== esc && !isC1) return { end: at + 1 };
  const kind = isC1 ? first : (raw[at + 1] ?? "");
  const bodyAt = isC1 ? at + 1 : at + 2;
  if (kind === "[" || kind === "\u009b") {
    const match = matchAt(controlSequence, raw, bodyAt);
    if (!match) return { end: Math.min(bodyAt, raw.length) };
    const end = bodyAt + match[0].length;
    const parameters = match[0].slice(0, -1);
    return match[2] === "m" && match[1] === "" && !/[^\d;:]/.test(parameters) ? { end, sgr: parameters } : { end };
  }
  if (stringStarts.has(kind)) {
    const match = matchAt(stringBody, raw, bodyAt);
    return { end: match ? bodyAt + match[0].length : bodyAt };
  }
  if (isC1) return { end: at + 1 };
  const short = matchAt(shortEscape, raw, at + 1);
  return { end: short ? at + 1 + short[0].length : at + 1 };
}

/**
 * Parts a raw line. The log view is no terminal: only colours count (ECMA-48 SGR); every other escape, control
 * character and override of direction is taken out, and its place is marked. Styles do not carry over lines, because
 * the line before is not known.
 */
export function parseAnsi(raw: string): readonly Piece[] {
  // A terminal's lines end with CR LF; the CR alone moves nothing.
  const end = raw.endsWith("\r") ? raw.length - 1 : raw.length;
  const line = end === raw.length ? raw : raw.slice(0, end);
  if (!special.test(line)) return line === "" ? [] : [{ kind: "text", text: line, at: 0, style: plain }];
  const pieces: Piece[] = [];
  let style = plain;
  let at = 0;
  while (at < line.length) {
    allSpecial.lastIndex = at;
    const next = allSpecial.exec(line)?.index ?? line.length;
    if (next > at) pieces.push({ kind: "text", text: line.slice(at, next), at, style });
    if (next === line.length) break;
    const found = readEscape(line, next);
    if (found.sgr !== undefined) style = applySgr(style, found.sgr);
    else drop(pieces, line.slice(next, found.end), next);
    at = found.end;
    if (pieces.length >= mostPieces) {
      const rest = line.slice(at).replaceAll(allSpecial, "");
      if (rest !== "") pieces.push({ kind: "text", text: rest, at, style });
      break;
    }
  }
  return pieces;
}

/** One marker stands for all that was taken out at one place. */
function drop(pieces: Piece[], text: string, at: number): void {
  const last = pieces.at(-1);
  const what = readable(text);
  if (last?.kind !== "dropped") pieces.push({ kind: "dropped", what, at });
  else if (last.what.length < mostTold) pieces[pieces.length - 1] = { ...last, what: last.what + what };
}

/** What one reads of a line, and copies: no colours, no markers. */
export function plainText(raw: string): string {
  return parseAnsi(raw)
    .map((piece) => (piece.kind === "text" ? piece.text : ""))
    .join("");
}
