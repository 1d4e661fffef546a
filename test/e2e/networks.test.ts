import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { violationsInThemes } from "../fixtures/axe.ts";
import { freeNetworks } from "../fixtures/bridge.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { type EngineEvent, onEngineEvents } from "../fixtures/engine-events.ts";
import { type Keys, keysOf } from "../fixtures/keys.ts";
import { windowsOf } from "../fixtures/screen.ts";

const host = inject("dockerHost");
const docker = dockerCli(host);
const run = promisify(execFile);
/** Of this run alone. */
const [net = "", routed = "", third = ""] = await freeNetworks("10.", [220, 254], 3);
let app: App;
let browser: Browser;
let seen: Visit;
let page: Page;
let keys: Keys;

beforeAll(async () => {
  await docker("run", "-d", "--name", "e2e-web", "-p", "5432", "busybox:test", "sh", "-c", "httpd -f -p 5432");
  await docker("run", "-d", "--name", "e2e-db", "busybox:test", "sleep", "1000");
  app = await startApp({ engine: host });
  browser = await launchBrowser();
  seen = await visit(browser, app.url);
  ({ page } = seen);
  keys = keysOf(page);
  await openList();
});

afterEach(async ({ task }) => {
  // A test that failed may have left a dialog open, which would fail all the others.
  if (task.result?.state === "fail") await page.reload();
});

afterAll(async () => {
  await seen?.close();
  await browser?.close();
  await app?.stop();
  const containers = (await docker("ps", "-aq")).split("\n").filter(Boolean);
  if (containers.length > 0) await docker("rm", "-fv", ...containers);
  const left = (await docker("network", "ls", "-q", "--filter", "type=custom")).split("\n").filter(Boolean);
  if (left.length > 0) await docker("network", "rm", ...left);
  expect(containers).toHaveLength(2);
});

const dialog = (): Locator => windowsOf(page, "dialog");
const question = (): Locator => windowsOf(page, "alertdialog");

async function openList(): Promise<void> {
  await page.getByRole("link", { name: "Networks", exact: true }).click();
  await page.getByRole("table", { name: "Networks" }).waitFor();
}

const customNames = async (): Promise<string[]> =>
  (await docker("network", "ls", "--filter", "type=custom", "--format", "{{.Name}}")).split("\n").toSorted();

async function menu(name: string): Promise<void> {
  await page
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name, exact: true }) })
    .hover();
  await page.getByRole("button", { name: `More actions for ${name}`, exact: true }).click();
}

test("creates a network with subnets, gateway, range, flags, options and labels", async () => {
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await dialog().getByLabel("Name", { exact: true }).fill("e2e-net");
  for (const [index, values] of [[`${net}0.0/16`, `${net}0.254`, `${net}5.0/24`]].entries()) {
    await dialog().getByRole("button", { name: "Add subnet" }).click();
    const [subnet = "", gateway = "", range = ""] = values;
    await dialog().getByLabel("Subnet", { exact: true }).nth(index).fill(subnet);
    await dialog().getByLabel("Gateway").nth(index).fill(gateway);
    await dialog().getByLabel("Range").nth(index).fill(range);
  }
  await dialog()
    .getByRole("checkbox", { name: /^Internal/ })
    .click();
  await dialog().getByRole("button", { name: "Add options" }).click();
  await dialog().getByLabel("Options 1 name").fill("com.docker.network.driver.mtu");
  await dialog().getByLabel("Options 1 value").fill("1400");
  await dialog().getByRole("button", { name: "Add labels" }).click();
  await dialog().getByLabel("Labels 1 name").fill("team");
  await dialog().getByLabel("Labels 1 value").fill("blue");
  await dialog().getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "e2e-net", exact: true }).waitFor();
  const [made] = JSON.parse(await docker("network", "inspect", "e2e-net"));
  expect(made).toMatchObject({
    Driver: "bridge",
    Internal: true,
    IPAM: { Config: [{ Subnet: `${net}0.0/16`, Gateway: `${net}0.254`, IPRange: `${net}5.0/24` }] },
    Options: { "com.docker.network.driver.mtu": "1400" },
    Labels: { team: "blue" },
  });
});

test("refuses what overlaps before the engine is asked, and offers what is free", async () => {
  const events: EngineEvent[] = [];
  const stop = await onEngineEvents(host.replace("unix://", ""), (event) => events.push(event));
  const nameOfBridge = '{{index .Options "com.docker.network.bridge.name"}}';
  const bridge = await docker("network", "inspect", "-f", nameOfBridge, "bridge");
  await run("ip", ["route", "add", `${routed}7.0/24`, "dev", bridge]);
  try {
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await dialog().getByLabel("Name", { exact: true }).fill("e2e-second");
    await dialog().getByRole("button", { name: "Add subnet" }).click();
    const subnet = dialog().getByLabel("Subnet", { exact: true });
    await subnet.fill(`${net}128.0/24`);
    await dialog().getByText(`Overlaps ${net}0.0/16 of network e2e-net`).waitFor();
    await subnet.fill(`${routed}0.0/16`);
    await dialog().getByText(`Overlaps ${routed}7.0/24 of the engine host's route on ${bridge}`).waitFor();
    await subnet.fill("fd12:7::/48");
    await run("ip", ["-6", "route", "add", "fd12:7::/64", "dev", bridge]);
    await subnet.fill("fd12:7::/40");
    await dialog().getByText(`Overlaps fd12:7::/64 of the engine host's route on ${bridge}`).waitFor();
    await run("ip", ["-6", "route", "del", "fd12:7::/64", "dev", bridge]);
    await subnet.fill(`${routed}0.0/16`);
    await dialog().getByText(`Overlaps ${routed}7.0/24 of the engine host's route on ${bridge}`).waitFor();
    await dialog().getByRole("button", { name: "Create", exact: true }).click();
    await dialog()
      .getByRole("alert")
      .filter({ hasText: new RegExp(`${routed}0\\.0/16 overlaps .* is free\\.`) })
      .waitFor();
    expect(events.filter(({ type, action }) => type === "network" && action === "create")).toEqual([]);
    await dialog().getByRole("button", { name: /^Use / }).click();
    const free = await subnet.inputValue();
    await dialog().getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("link", { name: "e2e-second", exact: true }).waitFor();
    expect(await docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "e2e-second")).toBe(free);
  } finally {
    stop();
    await run("ip", ["route", "del", `${routed}7.0/24`, "dev", bridge]);
  }
});

/** Waits until the list has closed: while it fades, a second list would show the same names again. */
async function pick(box: Locator, name: string): Promise<void> {
  await box.click();
  await page.getByRole("option", { name, exact: true }).click();
  await expect.poll(() => page.getByRole("option").count()).toBe(0);
}

async function connect(container: string, { aliases = "", address = "" }): Promise<void> {
  await keys.dialogClosed();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await pick(dialog().getByRole("combobox", { name: "Container" }), container);
  await dialog().getByLabel("Aliases").fill(aliases);
  await dialog().getByLabel("Address", { exact: true }).fill(address);
  await dialog().getByRole("button", { name: "Connect", exact: true }).click();
}

test("connects with aliases and a fixed address, and says when the address is taken", async () => {
  await page.getByRole("link", { name: "e2e-net", exact: true }).click();
  await connect("e2e-web", { aliases: "www shop", address: `${net}5.77` });
  await page
    .getByRole("row")
    .filter({ hasText: `${net}5.77` })
    .waitFor();
  const settings = JSON.parse(
    await docker("inspect", "-f", '{{json (index .NetworkSettings.Networks "e2e-net")}}', "e2e-web"),
  );
  expect(settings).toMatchObject({ IPAddress: `${net}5.77`, Aliases: expect.arrayContaining(["www", "shop"]) });
  await connect("e2e-db", { address: `${net}5.77` });
  await dialog()
    .getByRole("alert")
    .filter({ hasText: new RegExp(`${net}5\\.77|[Aa]ddress already in use`) })
    .waitFor();
  await dialog().getByLabel("Address", { exact: true }).fill("");
  await dialog().getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "e2e-db" }).waitFor();
  expect(await docker("exec", "e2e-db", "nslookup", "shop")).toContain(`${net}5.77`);
});

test("a network with members is not removed, and they are named", async () => {
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await question().getByText("e2e-db, e2e-web are on it. Disconnect them first.").waitFor();
  const remove = question().getByRole("button", { name: "Remove" });
  await expect.poll(() => remove.getAttribute("aria-disabled")).toBe("true");
  await page.keyboard.press("Escape");
  expect(await customNames()).toContain("e2e-net");
});

test("tests reachability in words, from the dialog", async () => {
  await page.getByRole("button", { name: "Test reachability" }).click();
  await pick(dialog().getByRole("combobox", { name: "From" }), "e2e-db");
  await pick(dialog().getByRole("combobox", { name: "To", exact: true }), "e2e-web");
  await dialog().getByLabel("Called").fill("shop");
  await dialog().getByLabel("TCP port").fill("5432");
  await dialog().getByRole("button", { name: "Test", exact: true }).click();
  await dialog().getByText("e2e-db can connect to e2e-web as shop on port 5432.").waitFor();
  await dialog().getByLabel("TCP port").fill("81");
  await dialog().getByRole("button", { name: "Test", exact: true }).click();
  await dialog()
    .getByText(/nothing in e2e-web listens on 81; it listens on 5432/)
    .waitFor();
  await page.keyboard.press("Escape");
});

test("the map shows who is on which network, and the list says the same", async () => {
  await openList();
  await page.getByRole("button", { name: "Map", exact: true }).click();
  const drawing = page.getByRole("region", { name: "Map", exact: true });
  await drawing.getByRole("button", { name: /^e2e-web/ }).waitFor();
  await drawing.getByRole("button", { name: new RegExp(`^e2e-net, ${net}`) }).waitFor();
  // Two networks of the first, two of the second, and the published port from the host.
  await expect.poll(() => drawing.locator("svg path").count()).toBe(5);
  await expect.poll(() => drawing.getByText(/\d+→5432/).count()).toBe(1);
  await page.getByRole("radio", { name: "List" }).click();
  const list = page.getByRole("region", { name: "List" });
  const section = list.getByRole("region", { name: "e2e-net" });
  await expect
    .poll(() => section.getByRole("listitem").allTextContents())
    .toEqual([expect.stringContaining("reaches e2e-"), expect.stringContaining("reaches e2e-")]);
  await page.getByRole("searchbox").fill("e2e-db");
  await expect.poll(() => list.getByRole("listitem").count()).toBe(2);
  await page.getByRole("searchbox").fill("");
  await page.getByRole("radio", { name: "Map" }).click();
  await drawing.getByRole("button", { name: new RegExp(`^e2e-net, ${net}`) }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "e2e-net", level: 1 }).waitFor();
});

test("disconnects", async () => {
  await page.getByRole("button", { name: "Disconnect e2e-db" }).click();
  await page.getByRole("row").filter({ hasText: "e2e-db" }).waitFor({ state: "detached" });
  expect(await docker("inspect", "-f", "{{json .NetworkSettings.Networks}}", "e2e-db")).not.toContain("e2e-net");
  await page.getByRole("button", { name: "Disconnect e2e-web" }).click();
  await page.getByText("No container is on this network.").waitFor();
});

test("the engine's own networks are marked and cannot be removed, with the reason", async () => {
  await openList();
  for (const name of ["bridge", "host", "none"]) {
    await page
      .getByRole("row")
      .filter({ has: page.getByRole("link", { name, exact: true }) })
      .getByText("built-in")
      .waitFor();
    await menu(name);
    const remove = page.getByRole("menuitem", { name: `Remove ${name}`, exact: true });
    await expect.poll(() => remove.getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("Escape");
  }
});

test("prunes what is ticked, after a preview", async () => {
  await docker("network", "create", "--subnet", `${third}0.0/24`, "e2e-third");
  await page.getByRole("link", { name: "e2e-third", exact: true }).waitFor();
  await page.getByRole("button", { name: "More for networks" }).click();
  await page.getByRole("menuitem", { name: "Prune…" }).click();
  await dialog().getByRole("checkbox", { name: "e2e-second" }).click();
  await dialog().getByRole("button", { name: "Prune 2" }).click();
  await page.getByText("2 networks were removed").first().waitFor();
  expect(await customNames()).toEqual(["e2e-second"]);
});

test("by keyboard alone: creates, connects, tests, disconnects, removes, prunes, and walks the map", async () => {
  await openList();
  await keys.press(/^Create$/);
  await keys.inDialog();
  await keys.type("e2e-keys");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "e2e-keys", exact: true }).waitFor();

  await keys.choose("e2e-keys", "Connect");
  await keys.inDialog();
  await keys.tabTo(/^Aliases/);
  await keys.type("keyed");
  await page.keyboard.press("Enter");
  await keys.dialogClosed();
  await page.getByText(/ is on e2e-keys/).waitFor();
  await keys.focused(page.getByRole("row").nth(1));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "e2e-keys", level: 1 }).waitFor();
  await page.getByRole("cell", { name: /keyed/ }).waitFor();
  await keys.press(/^Test reachability$/);
  await keys.inDialog();
  await keys.tabTo(/^Called/);
  await page.keyboard.press("Enter");
  await dialog().getByRole("status").waitFor();
  await page.keyboard.press("Escape");
  await keys.dialogClosed();
  await keys.press(/^Disconnect e2e-/);
  await page.getByText("No container is on this network.").waitFor();
  await page.keyboard.press("Alt+ArrowLeft");
  await page.getByRole("table", { name: "Networks" }).waitFor();

  await keys.choose("e2e-keys", "Remove");
  await keys.inDialog();
  await keys.press(/^Remove$/);
  await expect.poll(customNames).toEqual(["e2e-second"]);
  await keys.dialogClosed();
  await keys.search("");
  await keys.press(/^More for networks$/);
  await keys.pick(page.getByRole("menuitem", { name: "Prune…" }));
  await keys.inDialog();
  await keys.tabTo(/^e2e-second$/);
  await page.keyboard.press("Space");
  await dialog().getByRole("button", { name: "Prune 0" }).waitFor();
  await page.keyboard.press("Escape");
  await keys.dialogClosed();

  await keys.press(/^Map$/);
  await page.getByRole("heading", { name: "Network map", level: 1 }).waitFor();
  await keys.tabTo(/^e2e-web,/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "e2e-web", level: 1 }).waitFor();
});

test("axe finds nothing to complain of, in light and dark, with dialogs open", async () => {
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const tool = async (name: string): Promise<void> => {
    await press("More for networks");
    await page.getByRole("menuitem", { name }).click();
    await dialog().waitFor();
  };
  const openPage = async (): Promise<void> => {
    await page.getByRole("link", { name: "e2e-second", exact: true }).click();
    await page.getByText("No container is on this network.").waitFor();
  };
  const openMap = async (): Promise<void> => {
    await press("Map");
    await page.getByRole("button", { name: /^e2e-web/ }).waitFor();
  };
  const scenes: Readonly<Record<string, () => Promise<void>>> = {
    list: async () => {},
    create: async () => {
      await press("Create");
      await dialog().getByRole("button", { name: "Add subnet" }).click();
      await dialog().getByLabel("Subnet", { exact: true }).fill(builtInSubnet);
      await dialog()
        .getByText(/^Overlaps/)
        .waitFor();
    },
    prune: () => tool("Prune…"),
    reach: () => tool("Test reachability"),
    page: openPage,
    connect: async () => {
      await openPage();
      await press("Connect");
      await dialog().waitFor();
    },
    remove: async () => {
      await openPage();
      await press("Remove");
      await question().waitFor();
    },
    map: openMap,
    "map as a list": async () => {
      await openMap();
      await page.getByRole("radio", { name: "List" }).click();
      await page.getByRole("region", { name: "List" }).waitFor();
    },
  };
  const builtInSubnet = await docker("network", "inspect", "-f", "{{(index .IPAM.Config 0).Subnet}}", "bridge");
  for (const [what, open] of Object.entries(scenes)) {
    await openList();
    await open();
    expect(await violationsInThemes(page), what).toEqual([]);
    await page.keyboard.press("Escape");
    await keys.dialogClosed();
  }
}, 240_000);

test("nothing scrolls sideways in a small window", async () => {
  await page.setViewportSize({ width: 960, height: 640 });
  const findSideways = (): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll("main, main *")]
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
        .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
    );
  // Columns go once the list knows its new width.
  const expectNoneSideways = () => expect.poll(findSideways).toEqual([]);
  await openList();
  await expectNoneSideways();
  await page.getByRole("link", { name: "bridge", exact: true }).click();
  await page.getByRole("table", { name: "Members" }).waitFor();
  await expectNoneSideways();
  await openList();
  await page.getByRole("button", { name: "Map", exact: true }).click();
  await page.getByRole("button", { name: /^e2e-web/ }).waitFor();
  await expectNoneSideways();
  expect(seen.problems).toEqual([]);
});
