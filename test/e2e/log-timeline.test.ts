import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { LogPage } from "../fixtures/log-page.ts";

const names = ["one", "two", "three", "four"];
const writer = "i=0; while [ $i -lt 400 ]; do echo tick $i; i=$((i+1)); usleep 5000; done; sleep 6000";
const compose = (service: string) => [
  "--label=com.docker.compose.project=shop",
  `--label=com.docker.compose.service=${service}`,
];

let log: LogPage;

beforeAll(async () => {
  log = await LogPage.start(inject("dockerHost"));
  await Promise.all(names.map((name) => log.run(`shop-${name}`, writer, ...compose(name))));
  await log.run("alone", "echo alone here; sleep 6000");
});
afterAll(() => log?.stop());

interface Line {
  readonly name: string;
  readonly time: number;
  readonly text: string;
}

async function engineLines(name: string): Promise<Line[]> {
  const output = await log.docker("logs", "--timestamps", `shop-${name}`);
  return output.split("\n").map((line) => {
    const space = line.indexOf(" ");
    return { name, time: Date.parse(line.slice(0, space)), text: line.slice(space + 1) };
  });
}

test("a compose project is put on one timeline from its group in the list", async () => {
  const { page } = log;
  await page.getByRole("row", { name: /shop/ }).first().hover();
  await page.getByRole("button", { name: "Logs of shop" }).click();
  await page.getByRole("heading", { level: 1, name: "Logs" }).waitFor();
  await page.getByText("1,600 lines", { exact: true }).waitFor();
  for (const name of names) await page.getByRole("button", { name: `Hide shop-${name}` }).waitFor();
  // Each line has its container's name beside it; what all have in common is left out.
  const row = page.locator("[data-row]").first();
  await expect.poll(() => row.textContent()).toMatch(/^(one|two|three|four)/);
});

test("the lines stand in the order of time", async () => {
  const { page } = log;
  const all = (await Promise.all(names.map(engineLines))).flat();
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitemradio", { name: "UTC" }).click();
  await page.keyboard.press("Escape");
  const rows = page.locator("[data-row]").filter({ has: page.locator("[data-at]") });
  await expect.poll(() => rows.first().textContent()).toMatch(/\d\d:\d\d:\d\d\.\d{3}/);
  // Lines of one millisecond may stand either way, so the cut is made between two.
  const cut = all.sort((a, b) => a.time - b.time).at(-20)?.time ?? 0;
  const newest = all
    .filter(({ time }) => time > cut)
    .map(({ name, text }) => `${name} ${text}`)
    .sort();
  let shown: string[] = [];
  /** The last rows that are drawn; a row that moved is drawn in the next frame. */
  const drawn = async (): Promise<string[]> => {
    // By their places in the log: the elements are used again, and stand in any order.
    shown = await rows.evaluateAll((elements) =>
      elements
        .sort((a, b) => Number(a.getAttribute("data-row")) - Number(b.getAttribute("data-row")))
        .map((row) => row.textContent ?? ""),
    );
    return shown
      .slice(-newest.length)
      .map((text) => text.replace(/^(\w+?)\d\d:\d\d:\d\d\.\d{3}\s*(?:stderr: )?/, "$1 "))
      .sort();
  };
  await expect.poll(drawn).toEqual(newest);
  const times = shown.map((text) => /\d\d:\d\d:\d\d\.\d{3}/.exec(text)?.[0] ?? "");
  expect(times).toEqual([...times].sort());
});

test("a container is hidden and shown again", async () => {
  const { page } = log;
  await page.getByRole("button", { name: "Hide shop-two" }).click();
  await page.getByText("1,200 lines", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Show shop-two" }).click();
  await page.getByText("1,600 lines", { exact: true }).waitFor();
});

test("the histogram's bars and the brush agree with the lines", async () => {
  const { page } = log;
  const histogram = page.getByRole("img", { name: /^Lines over time\. 1,600 lines/ });
  await histogram.waitFor();
  const box = await histogram.boundingBox();
  if (!box) throw new Error("the histogram is not drawn");
  await page.mouse.move(box.x + box.width * 0.3, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => page.url()).toMatch(/from=\d+.*to=\d+|to=\d+.*from=\d+/);
  const [, query = ""] = page.url().split("?");
  const range = new URLSearchParams(query);
  const [from, to] = [Number(range.get("from")), Number(range.get("to"))];
  const all = (await Promise.all(names.map(engineLines))).flat();
  // The CLI's times have nanoseconds, of which Date keeps milliseconds; both edges are whole milliseconds.
  const within = all.filter(({ time }) => time >= from && time < to).length;
  expect(within).toBeGreaterThan(100);
  await page.getByText(`${within.toLocaleString("en")} lines`, { exact: true }).waitFor();
  await histogram.dblclick();
  await page.getByText("1,600 lines", { exact: true }).waitFor();
});

test("the jump to a time goes there", async () => {
  const { page } = log;
  const all = (await Promise.all(names.map(engineLines))).flat().sort((a, b) => a.time - b.time);
  const goal = all[300];
  if (!goal) throw new Error("there are not enough lines");
  await page.getByRole("button", { name: /Time range/ }).click();
  await page.getByLabel("Jump to time").fill(new Date(goal.time).toISOString().slice(0, -1));
  await page.getByRole("button", { name: "Jump", exact: true }).click();
  await page.getByText(goal.text, { exact: true }).first().waitFor();
  await page.getByRole("button", { name: /Jump to latest/ }).waitFor();
});

test("any containers are chosen, and all that run", async () => {
  const { page } = log;
  await page.getByRole("button", { name: /^Choose containers/ }).click();
  await page.getByRole("checkbox", { name: /alone/ }).click();
  await page.getByRole("button", { name: "Hide alone" }).waitFor();
  await page.getByRole("button", { name: "All running" }).first().click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Hide alone" }).waitFor();
  await page.getByRole("button", { name: "Hide shop-one" }).waitFor();
});

test("several containers are selected in the list and put on one timeline", async () => {
  const { page } = log;
  await page.getByRole("link", { name: "Containers", exact: true }).click();
  await page.getByRole("row", { name: /alone/ }).hover();
  await page.getByRole("checkbox", { name: "Select alone" }).click();
  await page.getByRole("row", { name: /shop-one/ }).hover();
  await page.getByRole("checkbox", { name: "Select shop-one" }).click();
  await page.getByRole("toolbar").getByRole("button", { name: "Logs" }).click();
  await page.getByText("401 lines", { exact: true }).waitFor();
  expect(log.open.problems).toEqual([]);
});
