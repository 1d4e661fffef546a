import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { Delays } from "../fixtures/delays.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";

const docker = dockerCli(inject("dockerHost"));

/** What the CLI says of a container, "" where there is none. */
function state(name: string): Promise<string> {
  return docker("inspect", "--format", "{{.State.Status}}", name).catch(() => "");
}

let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  [app, browser] = await Promise.all([startApp({ engine: inject("dockerHost") }), launchBrowser()]);
  open = await visit(browser, app.url);
  page = open.page;
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});
beforeEach(async () => {
  await page.getByRole("link", { name: "Containers", exact: true }).click();
});
afterEach(async () => {
  const ids = await docker("ps", "-aq");
  if (ids) await docker("rm", "-f", ...ids.split("\n"));
  expect(open.problems.splice(0)).toEqual([]);
});

function row(name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

async function act(verb: string, name: string): Promise<void> {
  await row(name).hover();
  await row(name)
    .getByRole("button", { name: `${verb} ${name}`, exact: true })
    .click();
}

/** Polls the CLI: the screen is what is under test, the engine's own word is the proof. */
async function expectState(name: string, expected: string): Promise<void> {
  await expect.poll(() => state(name)).toBe(expected);
}

async function expectShown(name: string, text: string | RegExp): Promise<void> {
  await row(name).getByText(text).first().waitFor();
}

async function confirm(dialogName: RegExp, button: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: dialogName }).or(page.getByRole("alertdialog", { name: dialogName }));
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

describe("by clicking, confirmed by the docker CLI", () => {
  test("create and start", async () => {
    await page.getByRole("button", { name: "Create container" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Create container" });
    await dialog.getByLabel("Image").fill("busybox:test");
    await dialog.getByLabel("Name").fill("made-here");
    await dialog.getByLabel("Command").fill("sleep 600");
    await dialog.getByRole("button", { name: /^Create/ }).click();
    await expectState("made-here", "running");
    await expectShown("made-here", "Running");
    expect(await docker("inspect", "--format", "{{json .Config.Cmd}}", "made-here")).toBe('["sleep","600"]');
  });

  test("stop, start, restart, pause, unpause and kill", async () => {
    await docker(
      "run",
      "-d",
      "--name",
      "web",
      "busybox:test",
      "sh",
      "-c",
      "trap exit TERM; while :; do sleep 0.1; done",
    );
    await expectShown("web", "Running");
    await act("Stop", "web");
    await expectState("web", "exited");
    await expectShown("web", /Exited/);
    await act("Start", "web");
    await expectState("web", "running");
    const startedAt = await docker("inspect", "--format", "{{.State.StartedAt}}", "web");
    await act("Restart", "web");
    await expect.poll(() => docker("inspect", "--format", "{{.State.StartedAt}}", "web")).not.toBe(startedAt);
    await expectState("web", "running");
    await act("Pause", "web");
    await expectState("web", "paused");
    await expectShown("web", "Paused");
    await act("Unpause", "web");
    await expectState("web", "running");
    await act("Kill", "web");
    await confirm(/Kill web/, "Kill");
    await expectState("web", "exited");
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", "web")).toBe("137");
  });

  test("rename and remove", async () => {
    await docker("create", "--name", "old-name", "busybox:test", "true");
    await act("Rename", "old-name");
    const dialog = page.getByRole("dialog", { name: "Rename old-name" });
    await dialog.getByRole("textbox").fill("new-name");
    await dialog.getByRole("button", { name: "Rename", exact: true }).click();
    await expectState("new-name", "created");
    await row("new-name").waitFor();
    await act("Remove", "new-name");
    await confirm(/Remove new-name/, "Remove");
    await expectState("new-name", "");
    await row("new-name").waitFor({ state: "detached" });
  });
});

describe("done by the docker CLI, on the screen without a reload within a second", () => {
  const delays = new Delays();
  const expectSoon = (name: string, text: string | RegExp): Promise<void> => delays.of(expectShown(name, text));

  test("create, start, pause, unpause, stop, rename, remove", async () => {
    await docker("create", "--name", "cli", "busybox:test", "sh", "-c", "trap exit TERM; while :; do sleep 0.1; done");
    await expectSoon("cli", "Created");
    await docker("start", "cli");
    await expectSoon("cli", "Running");
    await docker("pause", "cli");
    await expectSoon("cli", "Paused");
    await docker("unpause", "cli");
    await expectSoon("cli", "Running");
    await docker("restart", "cli");
    await expectSoon("cli", "Running");
    await docker("kill", "cli");
    await expectSoon("cli", /Exited/);
    await docker("rename", "cli", "cli-renamed");
    await expectSoon("cli-renamed", /Exited/);
    await docker("rm", "cli-renamed");
    await delays.of(row("cli-renamed").waitFor({ state: "detached" }));
    expect(delays.medianMs).toBeLessThan(1_000);
  });
});

describe("bad input is answered in place", () => {
  test("a name that is taken, an image that is not there and an invalid name", async () => {
    await docker("create", "--name", "taken", "busybox:test");
    await page.getByRole("button", { name: "Create container" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Create container" });
    await dialog.getByLabel("Image").fill("busybox:test");
    await dialog.getByLabel("Name").fill("taken");
    await dialog.getByRole("button", { name: /^Create/ }).click();
    await dialog.getByText(/taken.*(already|in use)/).waitFor();
    await dialog.getByLabel("Name").fill("free");
    await dialog.getByLabel("Image").fill("absent:nowhere");
    await dialog.getByRole("button", { name: /^Create/ }).click();
    await dialog
      .getByText(/absent:nowhere/)
      .last()
      .waitFor();
    await dialog.getByLabel("Image").fill("Not A Reference");
    await dialog.getByRole("button", { name: /^Create/ }).click();
    await dialog.getByText("Not an image reference").first().waitFor();
    await dialog.getByLabel("Image").fill("absent:nowhere");
    await dialog.getByLabel("Name").fill("-x");
    await page.keyboard.press("Tab");
    await dialog.getByText(/starts with a letter or digit/i).waitFor();
    // Nothing that was typed is lost.
    expect(await dialog.getByLabel("Image").inputValue()).toBe("absent:nowhere");
    await page.keyboard.press("Escape");
    expect(await state("free")).toBe("");
  });
});
