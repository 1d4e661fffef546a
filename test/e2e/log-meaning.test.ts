import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { violations } from "../fixtures/axe.ts";
import { LogPage } from "../fixtures/log-page.ts";

const colours = String.raw`for a in 0 1 2 3 4 5 6 7; do
  printf "\033[3${"$"}{a}mfg$a\033[0m \033[9${"$"}{a}mbright$a\033[0m \033[4${"$"}{a}mbg$a\033[0m \033[10${"$"}{a}mbgb$a\033[0m \033[7;3${"$"}{a}minv$a\033[0m \033[2mdim$a\033[0m\n"
done
for c in 16 21 46 51 93 130 196 226 231 232 255; do printf "\033[38;5;${"$"}{c}mc$c\033[0m \033[48;5;${"$"}{c}mb$c\033[0m "; done; echo
printf '\033[38;2;255;255;0mtrue1\033[38;2;0;0;0mtrue2\033[38;2;255;255;255mtrue3\033[38;2;8;8;60mtrue4\033[0m\n'
sleep 6000`;

// What a hostile program would write: titles, links, the clipboard, device strings, moves, C1, overrides of direction.
const hostile = String.raw`
printf 'a\033]0;evil title\007b\n'
printf 'c\033]8;;https://evil.example\033\\d\033]8;;\033\\e\n'
printf 'f\033]52;c;cHduZWQ=\007g\n'
printf 'h\033P1$r0m\033\\i\033X sos\033\\j\033_apc\033\\k\n'
printf 'l\033[2J\033[10;10Hm\033[?1049hn\033[1Ao\n'
printf 'p\302\2332Jq\302\235x\302\234r\n'
printf 's\342\200\256t\342\201\246u\007v\010w\n'
printf '\033['; head -c 5000 /dev/zero | tr '\0' '1'; printf 'mx\033[0my\n'
printf 'z\033]8;;file://unterminated and more\n'
printf '\033[8mhidden\033[0m\377bytes\n'
sleep 6000`;
const shown = [
  "ab",
  "cde",
  "fg",
  "hijk",
  "lmno",
  "pqr",
  "stuvw",
  "xy",
  "z8;;file://unterminated and more",
  "hidden\ufffdbytes",
];

let log: LogPage;

beforeAll(async () => {
  log = await LogPage.start(inject("dockerHost"));
});
afterAll(() => log?.stop());

test("escapes change nothing but colour, and each place says what was removed", async () => {
  const { page } = log;
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  await log.run("hostile", hostile);
  await log.show("hostile");
  await expect.poll(() => log.texts()).toEqual(shown);
  expect(await page.title()).toBe("hostile · Longshore");
  expect(await log.clipboard()).toBe("mine");
  expect(await page.locator("[data-at] a").count()).toBe(0);
  const dropped = await page
    .locator("[data-dropped]")
    .evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-tip")));
  for (const what of [
    "␛]0;evil title␇",
    "␛]52;c;cHduZWQ=␇",
    "␛P1$r0m␛\\",
    "␛[2J␛[10;10H",
    "U+009B2J",
    "U+202E",
    "U+2066",
  ]) {
    expect(dropped.some((tip) => tip?.includes(what))).toBe(true);
  }
});

interface Pair {
  readonly text: string;
  readonly ratio: number;
}

/** Contrast of every coloured piece against what it stands on, as painted. */
function contrasts(): Pair[] {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return [];
  const paint = (...layers: string[]): number => {
    context.clearRect(0, 0, 1, 1);
    for (const layer of layers) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const parts = [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
  };
  const behind = (element: Element | null): string[] => {
    if (!element) return ["white"];
    return [...behind(element.parentElement), getComputedStyle(element).backgroundColor];
  };
  const pieces = document.querySelectorAll("[data-at] span[style], [data-row] span[style*='color']");
  const written = [...pieces].filter(({ textContent }) => textContent?.trim());
  return written.map((piece) => {
    const back = paint(...behind(piece));
    const front = paint(...behind(piece), getComputedStyle(piece).color);
    return { text: piece.textContent ?? "", ratio: (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05) };
  });
}

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  test("every colour of a program is readable", async () => {
    await log.page.emulateMedia({ colorScheme });
    if (colorScheme === "light") await log.run("colours", colours);
    await log.show("colours");
    await log.page.getByText("true1").waitFor();
    const all = (): Promise<Pair[]> => log.page.evaluate(contrasts);
    await expect.poll(async () => (await all()).length).toBeGreaterThan(70);
    const pairs = await all();
    expect(pairs.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  test("lines, the search, a tree and the menus have no violation", async () => {
    const { page } = log;
    if (colorScheme === "light") {
      await log.run(
        "talk",
        `echo 'INFO hello'; echo 'ERROR bad' >&2; echo '{"level":"warn","msg":"slow"}'; sleep 6000`,
      );
    }
    await log.show("talk");
    await page.getByRole("button", { name: "Show as a tree" }).click();
    await log.search("a(");
    await page.getByText("No matches").waitFor();
    expect(await violations(page, "body")).toEqual([]);
    await log.search("slow");
    await page.getByText("1 match", { exact: true }).waitFor();
    await page.getByRole("button", { name: "View", exact: true }).click();
    expect(await violations(page, "[role=menu]")).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Time range/ }).click();
    expect(await violations(page, "[role=dialog]")).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Clear search" }).click();
  });
});

test("a line's JSON opens as a tree, and a field of it becomes the filter", async () => {
  const { page } = log;
  const writer = `i=0; while [ $i -lt 50 ]; do echo "{ \\"user\\": \\"u$((i % 5))\\", \\"n\\": $i }"; i=$((i+1)); done; sleep 6000`;
  await log.run("json", writer);
  await log.show("json");
  await page.getByText('"n": 49').waitFor();
  const last = page.locator("[data-row]").filter({ hasText: '"n": 49' });
  await last.getByRole("button", { name: "Show as a tree" }).click();
  await page.getByText('"u4"', { exact: true }).hover();
  await page.getByRole("button", { name: 'Only lines with user = "u4"' }).click();
  await page.getByText("10 lines", { exact: true }).waitFor();
  await expect.poll(async () => (await log.texts()).every((text) => text.includes('"u4"'))).toBe(true);
  await page.getByRole("button", { name: "Clear search" }).click();
});

test("a stack trace is folded, and opens", async () => {
  const { page } = log;
  const trace = String.raw`printf 'ERROR it broke\n\tat a.b.C(D.java:1)\n\tat e.f.G(H.java:2)\n\tat i.j.K(L.java:3)\nINFO on we go\n'; sleep 6000`;
  await log.run("trace", trace);
  await log.show("trace");
  await expect.poll(() => log.texts()).toEqual(["ERROR it broke", "INFO on we go"]);
  await page.getByRole("button", { name: "3 lines of the stack trace" }).click();
  await page.getByText("at i.j.K").waitFor();
  await page.getByRole("button", { name: "Fold the stack trace" }).click();
  await page.getByText("at i.j.K").waitFor({ state: "hidden" });
});

test("how lines are shown persists", async () => {
  const { page } = log;
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitemradio", { name: "UTC" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Fold stack traces" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Wrap lines" }).click();
  await page.keyboard.press("Escape");
  await page.getByText("at i.j.K").waitFor();
  await page.reload();
  await page.getByText("at i.j.K").waitFor();
  await page
    .getByText(/^\d\d:\d\d:\d\d\.\d{3}$/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitemradio", { name: "Only stderr" }).click();
  await page.keyboard.press("Escape");
  await page.getByText("No line passes the filter").waitFor();
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitemradio", { name: "stdout and stderr" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Wrap lines" }).click();
  await page.keyboard.press("Escape");
});

test("by keyboard alone: search, go from match to match, open what a line hides, copy it", async () => {
  const { page } = log;
  await log.show("json");
  await page.getByText('"n": 49').waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type('"n": 30');
  await page.getByText("1 match", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 of 1").waitFor();
  await page.getByLabel("Log of json").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Close the tree" }).waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Control+c");
  await expect.poll(() => log.clipboard()).toContain('"n": 28');
  // Nothing is read out line by line; only where one went by key.
  expect(await page.getByRole("log").count()).toBe(0);
  await page.getByRole("status").filter({ hasText: '"n": 28' }).waitFor({ state: "attached" });
  expect(log.open.problems).toEqual([]);
});
