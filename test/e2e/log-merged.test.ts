import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { LogPage } from "../fixtures/log-page.ts";

const names = Array.from({ length: 10 }, (_, index) => `flow-${index}`);
const bursts = 100;
const linesPerBurst = 40;
const linesEach = bursts * linesPerBurst;
const allLines = names.length * linesEach;
/** Two thousand lines a second for two seconds, from the signal on. */
const writer = `go=; trap 'go=1' USR1; touch /ready; while [ -z "$go" ]; do usleep 10000; done
i=0; while [ $i -lt ${bursts} ]; do seq $((i * ${linesPerBurst} + 1)) $((i * ${linesPerBurst} + ${linesPerBurst})); usleep 18000; i=$((i+1)); done
while :; do sleep 1; done`;

interface Line {
  readonly name: string;
  readonly text: string;
  /** Of fixed width, so that they sort as text. */
  readonly nanos: string;
  /** Milliseconds since 1970, as exactly as a double holds them. */
  readonly time: number;
}

let log: LogPage;
/** What the engine has, in the order of time, once all is written. */
let truth: Line[] = [];

beforeAll(async () => {
  log = await LogPage.start(inject("dockerHost"));
  await Promise.all(names.map((name) => log.run(name, writer)));
  // Before its trap is set, a writer does not hear the signal.
  const ready = (name: string) => vi.waitFor(() => log.docker("exec", name, "test", "-e", "/ready"), 60_000);
  await Promise.all(names.map(ready));
});
afterAll(() => log?.stop());

async function engineLines(name: string): Promise<Line[]> {
  const output = await log.docker("logs", "--timestamps", name);
  return output.split("\n").map((line) => {
    const [nanos = "", text = ""] = line.split(" ");
    const time = Date.parse(`${nanos.slice(0, 19)}Z`) + Number(nanos.slice(20, 29)) / 1e6;
    return { name, text, nanos, time };
  });
}

interface Drawn {
  readonly position: number;
  readonly name: string;
  readonly text: string;
}

/** The lines that are drawn, by their places: elements are used again, and stand in any order. */
async function drawn(): Promise<Drawn[]> {
  const rows = await log.page.locator("[data-row]").evaluateAll((elements) =>
    elements.map((row) => ({
      position: Number(row.getAttribute("data-row")),
      name: row.querySelector("[data-tip^='flow-']")?.getAttribute("data-tip") ?? "",
      text: row.querySelector("[data-at]")?.textContent ?? "",
    })),
  );
  return rows.filter(({ text }) => text !== "").sort((a, b) => a.position - b.position);
}

test("ten containers that write two thousand lines a second each are followed on one timeline", async () => {
  const { page } = log;
  await log.goTo("/logs");
  for (const name of names) await page.getByRole("button", { name: `Hide ${name}`, exact: true }).waitFor();
  await log.docker("kill", "--signal", "USR1", ...names);
  const numbers = new Map<string, number>();
  // While lines pour in, each container's own lines never go back, in whatever is drawn.
  for (let isThrough = false; !isThrough; ) {
    isThrough = await page.getByText(`${allLines.toLocaleString("en")} lines`, { exact: true }).isVisible();
    const screen = new Map<string, number>();
    for (const { name, text } of await drawn()) {
      expect(Number(text), `${name} in one screen`).toBeGreaterThan(screen.get(name) ?? 0);
      screen.set(name, Number(text));
    }
    for (const [name, number] of screen) {
      expect(number, `${name} from one screen to the next`).toBeGreaterThanOrEqual(numbers.get(name) ?? 0);
      numbers.set(name, number);
    }
  }
  truth = (await Promise.all(names.map(engineLines))).flat().sort((a, b) => (a.nanos < b.nanos ? -1 : 1));
  expect(truth.length).toBe(allLines);
}, 180_000);

/** What is drawn is a piece of the truth, in its order, once rows that have just come into sight are filled. */
function expectPieceOfTruth(): Promise<void> {
  return vi.waitFor(async () => expectPieceIn(await drawn()), { timeout: 30_000, interval: 50 });
}

/** Lines of the same nanosecond may stand either way. */
function expectPieceIn(shown: readonly Drawn[]): void {
  expect(shown.length).toBeGreaterThan(15);
  const places = new Map(truth.map(({ name, text }, place) => [`${name} ${text}`, place]));
  const found = shown.map(({ name, text }) => places.get(`${name} ${text}`) ?? -1);
  const start = Math.min(...found);
  expect([...found].sort((a, b) => a - b)).toEqual(found.map((_, index) => start + index));
  const times = found.map((place) => truth[place]?.nanos ?? "");
  expect(times).toEqual([...times].sort());
}

test("the lines stand in the order of time, at the end and wherever one jumps", async () => {
  const { page } = log;
  await expectPieceOfTruth();
  for (const place of [100, 13_000, 33_210]) {
    const milliseconds = Math.floor(truth[place]?.time ?? 0);
    const goal = truth.find(({ time }) => time >= milliseconds);
    if (!goal) throw new Error("there are not enough lines");
    await page.getByRole("button", { name: /Time range/ }).click();
    await page.getByLabel("Jump to time").fill(new Date(milliseconds).toISOString().slice(0, -1));
    await page.getByRole("button", { name: "Jump", exact: true }).click();
    await page.getByRole("button", { name: /Jump to latest/ }).waitFor();
    const isThere = async (): Promise<boolean> =>
      (await drawn()).some(({ name, text }) => name === goal.name && text === goal.text);
    await expect.poll(isThere).toBe(true);
    await expectPieceOfTruth();
  }
});

test("the histogram's bars are the lines of their times", async () => {
  const { page } = log;
  const label = `Lines over time. ${allLines.toLocaleString("en")} lines`;
  const histogram = page.getByRole("img", { name: label });
  await histogram.waitFor();
  const box = await histogram.boundingBox();
  if (!box) throw new Error("the histogram is not drawn");
  const [from, to] = [truth[0]?.time ?? 0, truth.at(-1)?.time ?? 0];
  const buckets = Math.floor(box.width / 5);
  const counts = Array.from({ length: buckets }, () => 0);
  for (const { time } of truth) {
    const bucket = Math.min(buckets - 1, Math.floor((time - from) / ((to - from) / buckets)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  for (const share of [0.02, 0.2, 0.4, 0.6, 0.8, 0.98]) {
    const bucket = Math.floor(buckets * share);
    await page.mouse.move(box.x + ((bucket + 0.5) / buckets) * box.width, box.y + 10);
    const said = (counts[bucket] ?? 0).toLocaleString("en");
    await page.getByText(new RegExp(`^\\S+: ${said} lines$`)).waitFor();
  }
});

test("the brush leaves exactly the lines of its range", async () => {
  const { page } = log;
  const histogram = page.getByRole("img", { name: /^Lines over time\./ });
  for (const [start, end] of [
    [0.3, 0.6],
    [0.71, 0.74],
  ] as const) {
    const box = await histogram.boundingBox();
    if (!box) throw new Error("the histogram is not drawn");
    await page.mouse.move(box.x + box.width * start, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * end, box.y + 10, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.url()).toMatch(/from=\d+.*to=\d+|to=\d+.*from=\d+/);
    const range = new URLSearchParams(page.url().split("?")[1]);
    const [from, to] = [Number(range.get("from")), Number(range.get("to"))];
    const within = truth.filter(({ time }) => time >= from && time < to).length;
    expect(within).toBeGreaterThan(500);
    await page.getByText(`${within.toLocaleString("en")} lines`, { exact: true }).waitFor();
    await expectPieceOfTruth();
    await histogram.dblclick();
    await page.getByText(`${allLines.toLocaleString("en")} lines`, { exact: true }).waitFor();
  }
  expect(log.open.problems).toEqual([]);
});
