import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { LogPage } from "../fixtures/log-page.ts";

let log: LogPage;

beforeAll(async () => {
  log = await LogPage.start(inject("dockerHost"));
  await log.run(
    "haystack",
    String.raw`i=1; while [ $i -le 3000 ]; do
      case $i in *77) echo "ERROR needle in $i";; *) echo "INFO straw $i";; esac; i=$((i+1)); done
      echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!; sleep 6000`,
  );
  await log.show("haystack");
  await log.page.getByText("INFO straw 3000").waitFor();
});
afterAll(() => log?.stop());

const button = (name: string) => log.page.getByRole("button", { name, exact: true });

test("all matches are counted and marked, and Enter goes from one to the next, round the end", async () => {
  const { page } = log;
  await log.search("NEEDLE");
  await page.getByText("30 matches").waitFor();
  await page.keyboard.press("Enter");
  // The first that is in sight; the next is round the end.
  await page.getByText("30 of 30").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 of 30", { exact: true }).waitFor();
  await page.locator("mark", { hasText: "needle" }).first().waitFor();
  await page.getByText("ERROR needle in 77", { exact: true }).waitFor();
  await page.keyboard.press("Shift+Enter");
  await page.getByText("30 of 30").waitFor();
  await page.getByText("ERROR needle in 2977", { exact: true }).waitFor();
  const isMarked = (): Promise<boolean> =>
    page
      .locator("canvas")
      .last()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        return data.some((value) => value > 0);
      });
  await expect.poll(isMarked).toBe(true);
});

test("case counts where it is asked for", async () => {
  await button("Match case").click();
  await log.page.getByText("No matches").waitFor();
  await button("Match case").click();
  await log.page.getByText("30 matches").waitFor();
});

test("only matching lines, with lines around them, and those that do not match", async () => {
  const { page } = log;
  await button("Only matching lines").click();
  await page.getByText("30 lines", { exact: true }).waitFor();
  await expect.poll(async () => (await log.texts()).every((text) => text.includes("needle"))).toBe(true);
  await page.getByRole("combobox", { name: "Lines around each match" }).click();
  await page.getByRole("option", { name: "1 line around" }).click();
  await page.getByText("90 lines", { exact: true }).waitFor();
  await button("Lines that do not match").click();
  // Around each of those that do not match, there are those that do.
  await page.getByText("3,001 lines", { exact: true }).waitFor();
  await page.getByRole("combobox", { name: "Lines around each match" }).click();
  await page.getByRole("option", { name: "No context" }).click();
  await page.getByText("2,971 lines", { exact: true }).waitFor();
  await button("Lines that do not match").click();
  await page.getByText("30 lines", { exact: true }).waitFor();
});

test("a match is shown among its neighbours", async () => {
  const { page } = log;
  await page.getByText("ERROR needle in 1577", { exact: true }).hover();
  await button("Show in context").click();
  await page.getByText("INFO straw 1578", { exact: true }).waitFor();
  await page.getByText("INFO straw 1576", { exact: true }).waitFor();
});

test("search and filter stand in the address and survive a reload", async () => {
  const { page } = log;
  await log.search("straw 29");
  await page.getByText("110 matches").waitFor();
  await button("Only matching lines").click();
  await page.getByText("110 lines", { exact: true }).waitFor();
  await page.reload();
  await page.getByText("110 lines", { exact: true }).waitFor();
  await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe("straw 29");
  await button("Only matching lines").click();
});

test("an invalid expression is told inline, at its place", async () => {
  const { page } = log;
  await button("Regular expression").click();
  await log.search("straw (12");
  await page.getByText(/at character 7: .*group/i).waitFor();
  await expect.poll(() => page.getByRole("alert").locator("span").textContent()).toBe("(");
  await log.search(String.raw`straw (12|13)\d\d$`);
  await page.getByText("198 matches").waitFor();
});

test("a catastrophic expression is stopped and said so, and the view stays live", async () => {
  const { page } = log;
  await log.search("^(a+)+$");
  await page.getByText(/^Stopped: the expression took more than half a second/).waitFor();
  await log.search("^INFO straw 7$");
  await page.getByText("1 match", { exact: true }).waitFor();
  await button("Clear search").click();
});

test("levels narrow the view", async () => {
  const { page } = log;
  await button("Levels").click();
  for (const level of ["Without a level", "Info", "Debug", "Trace", "Warning"]) {
    await page.getByRole("menuitemcheckbox", { name: level }).click();
  }
  await page.keyboard.press("Escape");
  await page.getByText("30 lines", { exact: true }).waitFor();
  await page.getByRole("button", { name: "2 levels" }).click();
  await page.getByRole("menuitemcheckbox", { name: "All levels" }).click();
  await page.keyboard.press("Escape");
  await page.getByText("3,001 lines", { exact: true }).waitFor();
  expect(log.open.problems).toEqual([]);
});
