import { type LogHistogram, logLevels } from "#contract";

/** Drawn from the gravest at the foot upwards, so that a few errors are seen under many lines. */
const order = logLevels.map((_, index) => index).reverse();

/** A colour of the theme as a canvas understands it. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  return getComputedStyle(element).color;
}

/** The levels' colours as the theme has them now. */
export function levelColours(canvas: HTMLElement): readonly string[] {
  return logLevels.map((level) => resolved(canvas, `--level-${level}`));
}

/** Draws the bars, stacked by level. Heights are by the square root: one error beside ten thousand lines stays visible. */
export function drawBars(canvas: HTMLCanvasElement, { buckets }: LogHistogram, colours: readonly string[]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const totals = buckets.map((levels) => levels.reduce((sum, count) => sum + count, 0));
  const highest = Math.sqrt(Math.max(1, ...totals));
  const step = width / buckets.length;
  for (const [index, levels] of buckets.entries()) {
    const total = totals[index] ?? 0;
    if (total === 0) continue;
    const barPx = Math.max(1.5, (Math.sqrt(total) / highest) * (height - 2));
    let y = height;
    for (const level of order) {
      const part = ((levels[level] ?? 0) / total) * barPx;
      if (part <= 0) continue;
      const partPx = Math.max(1, part);
      context.fillStyle = colours[level] ?? "";
      context.fillRect(index * step, y - partPx, Math.max(1, step - 1), partPx);
      y -= partPx;
    }
  }
}
