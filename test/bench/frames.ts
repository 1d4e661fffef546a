import type { Page } from "playwright-core";

export interface FrameTimes {
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** Begins to note when the page draws. */
export async function startFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { benchFrames: frames });
    const tick = (now: number): void => {
      frames.push(now);
      if (Reflect.get(window, "benchFrames") === frames) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}

/** What was noted since. */
export async function takeFrames(page: Page): Promise<FrameTimes> {
  const frames: number[] = await page.evaluate(() => {
    const noted: unknown = Reflect.get(window, "benchFrames");
    Reflect.deleteProperty(window, "benchFrames");
    return noted as number[];
  });
  const times = frames.slice(1).map((frame, index) => frame - (frames[index] ?? frame));
  const sorted = [...times].sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    perSecond: (times.length * 1000) / Math.max(1, total),
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    longestMs: sorted.at(-1) ?? 0,
  };
}

/** Frames while something happens on the page. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<FrameTimes> {
  await startFrames(page);
  await act();
  return takeFrames(page);
}
