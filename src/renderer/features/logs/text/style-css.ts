import type { CSSProperties } from "react";
import { type Colour, rgbBase, type TextStyle } from "./sgr.ts";

/** A program's own colour, moved in lightness as far as it must be to be read on the theme's surface. */
function readableColour(colour: Colour): string {
  if (colour < rgbBase) return `var(--ansi-${colour})`;
  const hex = `#${(colour - rgbBase).toString(16).padStart(6, "0")}`;
  return `light-dark(oklch(from ${hex} min(l, 0.5) min(c, 0.13) h), oklch(from ${hex} max(l, 0.75) min(c, 0.13) h))`;
}

/** Backgrounds are tints, so that any text stays readable on them. */
function tint(colour: Colour): string {
  return `color-mix(in oklab, ${readableColour(colour)} 20%, transparent)`;
}

const cache = new WeakMap<TextStyle, CSSProperties | undefined>();

function build({ fg, bg, bold, dim, italic, underline, strike, inverse }: TextStyle): CSSProperties {
  const css: CSSProperties = {};
  const [text, back] = inverse ? [undefined, fg ?? 7] : [fg, bg];
  if (back !== undefined) css.backgroundColor = tint(back);
  // On a tint of its own hue a colour would be hard to read.
  if (text !== undefined && back === undefined) css.color = readableColour(text);
  else if (back !== undefined) css.color = "var(--color-ink)";
  if (bold) css.fontWeight = "var(--font-weight-medium)";
  if (dim && text === undefined) css.color = "var(--color-muted)";
  if (italic) css.fontStyle = "italic";
  if (underline || strike)
    css.textDecorationLine = [underline && "underline", strike && "line-through"].filter(Boolean).join(" ");
  return css;
}

/** How a style of the terminal looks here; undefined where as usual. */
export function styleCss(style: TextStyle): CSSProperties | undefined {
  if (!cache.has(style)) cache.set(style, Object.keys(style).length === 0 ? undefined : build(style));
  return cache.get(style);
}
