import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/renderer/app/theme.css", "utf8");
const themes = ["light", "dark"] as const;
/** What a line of a log may stand on. */
const grounds = ["color-sunken", "color-hover", "color-selected", "color-failed-tint"];

/** Relative luminance of an OKLCH colour, by the matrices of its author (bottosson.github.io/posts/oklab). */
function luminance([lightness, chroma, hue]: readonly [number, number, number]): number {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((part) => Math.min(1, Math.max(0, part)));
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

function colourOf(name: string, theme: (typeof themes)[number]): [number, number, number] {
  const part = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
  const found = new RegExp(String.raw`--${name}: light-dark\(${part}, ${part}\)`).exec(css);
  if (!found) throw new Error(`the theme has no --${name}`);
  const numbers = found.slice(theme === "light" ? 1 : 4).map(Number);
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

function least(name: string, theme: (typeof themes)[number]): number {
  const front = luminance(colourOf(name, theme));
  return Math.min(
    ...grounds.map((ground) => {
      const back = luminance(colourOf(ground, theme));
      return (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    }),
  );
}

const named = (kind: string): string[] =>
  [...css.matchAll(new RegExp(`--(${kind}-[\\w]+):`, "g"))].map(([, name]) => name ?? "");

describe.each(themes)("in the %s theme", (theme) => {
  test("containers' names can be read on whatever a line stands on", () => {
    const names = named("source");
    expect(names.length).toBe(10);
    expect(names.filter((name) => least(name, theme) < 4.5)).toEqual([]);
  });

  test("levels can be read, and the bars of lines without one can be seen", () => {
    const names = named("level").filter((name) => name !== "level-none");
    expect(names.length).toBe(6);
    expect(names.filter((name) => least(name, theme) < 4.5)).toEqual([]);
    expect(least("level-none", theme)).toBeGreaterThan(3);
  });
});
