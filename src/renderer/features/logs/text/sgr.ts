/** 0 to 15 are the terminal's own colours, which the theme defines; from `rgbBase` on, `colour - rgbBase` is 0xRRGGBB. */
export type Colour = number;

export const rgbBase = 0x1000000;

/** How a piece of a line is drawn. Absent means as usual. */
export interface TextStyle {
  readonly fg?: Colour;
  readonly bg?: Colour;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly strike?: true;
  readonly inverse?: true;
}

type MutableStyle = { -readonly [K in keyof TextStyle]: TextStyle[K] };

/** More parameters than any program has a use for. */
const mostParameters = 256;

/** A colour of the 256: the 16 named, a 6×6×6 cube, 24 greys. */
function indexed(index: number): Colour | undefined {
  if (index < 0 || index > 255) return undefined;
  if (index < 16) return index;
  if (index >= 232) return rgbBase + (8 + (index - 232) * 10) * 0x010101;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return rgbBase + level(Math.floor(cube / 36)) * 0x10000 + level(Math.floor(cube / 6) % 6) * 0x100 + level(cube % 6);
}

const isByte = (value: number): boolean => value >= 0 && value <= 255;

/** Reads what follows 38 or 48: the colour, and how many parameters it took. */
function extended(rest: readonly number[]): { colour: Colour | undefined; taken: number } {
  if (rest[0] === 5) return { colour: indexed(rest[1] ?? -1), taken: 2 };
  if (rest[0] !== 2) return { colour: undefined, taken: 1 };
  const [, r = -1, g = -1, b = -1] = rest;
  return { colour: isByte(r) && isByte(g) && isByte(b) ? rgbBase + r * 0x10000 + g * 0x100 + b : undefined, taken: 4 };
}

function setColour(style: MutableStyle, part: "fg" | "bg", colour: Colour | undefined): void {
  if (colour === undefined) delete style[part];
  else style[part] = colour;
}

const switchedOn: Readonly<Record<number, Exclude<keyof TextStyle, "fg" | "bg">>> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "inverse",
  9: "strike",
  21: "underline",
};

const switchedOff: Readonly<Record<number, readonly (keyof TextStyle)[]>> = {
  0: ["fg", "bg", "bold", "dim", "italic", "underline", "strike", "inverse"],
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["strike"],
  39: ["fg"],
  49: ["bg"],
};

function applyCode(style: MutableStyle, code: number): void {
  const on = switchedOn[code];
  if (on) style[on] = true;
  for (const part of switchedOff[code] ?? []) delete style[part];
  if (code >= 30 && code <= 37) style.fg = code - 30;
  else if (code >= 90 && code <= 97) style.fg = code - 82;
  else if (code >= 40 && code <= 47) style.bg = code - 40;
  else if (code >= 100 && code <= 107) style.bg = code - 92;
}

/** `4:3`, `38:5:n`, `38:2::r:g:b`: one parameter with parts of its own. */
function applyParts(style: MutableStyle, parts: readonly number[]): void {
  const [code = 0, kind = 0] = parts;
  if (code === 4) applyCode(style, kind === 0 ? 24 : 4);
  else if (code === 38 || code === 48) {
    const values = kind === 2 ? [2, ...parts.slice(-3)] : parts.slice(1);
    setColour(style, code === 38 ? "fg" : "bg", extended(values).colour);
  } else applyCode(style, code);
}

/** The style after the parameters of a `CSI … m`. What hides text (8) or makes it blink (5, 6) is left out. */
export function applySgr(before: TextStyle, parameters: string): TextStyle {
  const style: MutableStyle = { ...before };
  const list = parameters.split(";").slice(0, mostParameters);
  for (let at = 0; at < list.length; at += 1) {
    const text = list[at] ?? "";
    if (text.includes(":")) {
      applyParts(style, text.split(":").map(Number));
      continue;
    }
    const code = Number(text);
    if (code === 38 || code === 48) {
      const { colour, taken } = extended(list.slice(at + 1, at + 5).map(Number));
      setColour(style, code === 38 ? "fg" : "bg", colour);
      at += taken;
    } else applyCode(style, code);
  }
  return style;
}
