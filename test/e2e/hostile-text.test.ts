import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { dockerCli } from "../fixtures/docker-cli.ts";

const docker = dockerCli(inject("dockerHost"));
const payload = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>{{7*7}}\${window.pwned=1}`;

/** A tag may hold no brackets; what it may hold looks like a template and like a path. */
const hostileTag = "hostile/proto__x.window.pwned-1:constructor.alert_1-javascript";

/** Runs in every document before its own scripts, so that it is there again however often the page loads. */
function watchPolicy(): void {
  Object.assign(window, { violations: [] });
  document.addEventListener("securitypolicyviolation", (event) => {
    Reflect.get(window, "violations").push(`${event.violatedDirective} ${event.blockedURI}`);
  });
}

let app: App;
let browser: Browser;
let open: Visit;
let page: Page;

beforeAll(async () => {
  await docker(
    ...[
      "run",
      "-d",
      "--name",
      "hostile",
      "--hostname",
      "h",
      "--label",
      `xss=${payload}`,
      "--label",
      "<img/src=x/onerror=window.pwned=1>=key",
    ],
    ...[
      "--label",
      `com.docker.compose.project=${payload}`,
      "--env",
      `XSS=${payload}`,
      "--env",
      "<script>window.pwned=1</script>=1",
    ],
    "busybox:test",
    ...["sh", "-c", `echo "$XSS"; printf '\\033]8;;javascript:alert(1)\\007x\\033]8;;\\007\\n'; sleep 6000`, payload],
  );
  await docker("volume", "create", "--label", `xss=${payload}`, "hostile-volume");
  await docker("network", "create", "--label", `xss=${payload}`, "hostile-network");
  // Names that every JavaScript object answers to.
  await docker("create", "--name", "constructor", "--label", "com.docker.compose.project=__proto__", "busybox:test");
  await docker("tag", "busybox:test", hostileTag);
  [app, browser] = await Promise.all([startApp({ engine: inject("dockerHost") }), launchBrowser()]);
  open = await visit(browser, app.url, {}, watchPolicy);
  page = open.page;
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await docker("rm", "-f", "hostile", "constructor");
  await docker("volume", "rm", "hostile-volume");
  await docker("network", "rm", "hostile-network");
  await docker("rmi", hostileTag);
});

async function expectHarmless(): Promise<void> {
  expect(await page.evaluate(() => [Reflect.get(window, "pwned"), Reflect.get(window, "violations")])).toEqual([
    undefined,
    [],
  ]);
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(open.problems).toEqual([]);
}

/** What must have been drawn before a screen counts as harmless. */
const shown: Readonly<Record<string, string>> = {
  Containers: payload,
  Images: "hostile/proto__x.window.pwned-1",
  Volumes: "hostile-volume",
  Networks: "hostile-network",
};

test.each(["Containers", "Images", "Volumes", "Networks", "Settings"])("payloads do nothing on %s", async (screen) => {
  await page.getByRole("link", { name: screen, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: screen }).waitFor();
  if (screen in shown)
    await page
      .getByText(shown[screen] ?? "")
      .first()
      .waitFor();
  await expectHarmless();
});

test("payloads do nothing on the container's page, where they are shown as text", async () => {
  await page.getByRole("link", { name: "Containers", exact: true }).click();
  await page.getByRole("link", { name: "hostile", exact: true }).click();
  await page.getByRole("tab", { name: "Overview" }).waitFor();
  const labels = page.getByRole("region", { name: "Labels" });
  await labels.getByText(payload).first().waitFor();
  await page.getByRole("button", { name: /all values/ }).click();
  await page.getByRole("region", { name: "Environment" }).getByText(payload).first().waitFor();
  await expectHarmless();
  await page.getByRole("tab", { name: "Inspect" }).click();
  await page.getByText("<img src=x onerror=").first().waitFor();
  await expectHarmless();
  await page.getByRole("tab", { name: "Logs" }).click();
  await page.getByText("<img src=x onerror=").first().waitFor();
  expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
  await expectHarmless();
});

test("a container and a project called as what objects inherit are like any other", async () => {
  await page.getByRole("link", { name: "Containers", exact: true }).click();
  await page
    .getByRole("button", { name: /__proto__/ })
    .first()
    .waitFor();
  await page.getByRole("link", { name: "constructor", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "constructor" }).waitFor();
  await expectHarmless();
});

test("an address with a payload for an id is answered in text", async () => {
  await page.goto(`${new URL(app.url).origin}/#/containers/${encodeURIComponent(payload)}`);
  await page
    .getByText(/There is no container/)
    .first()
    .waitFor();
  await expectHarmless();
});

test("another name that leads here gets neither the page nor the engine", async () => {
  const { port } = new URL(app.url);
  const rebound = await launchBrowser(["--host-resolver-rules=MAP evil.test 127.0.0.1"]);
  try {
    const attacker = await rebound.newPage();
    await attacker.goto(`http://evil.test:${port}/`);
    expect(await attacker.getByRole("navigation").count()).toBe(0);
    const outcome = await attacker.evaluate(async (target) => {
      const attempts = [
        fetch(`${target}/`, { credentials: "include" }).then((response) => response.status),
        fetch(`${target}/session`, { method: "POST", body: "{}", credentials: "include" }).then(
          (response) => response.status,
        ),
        new Promise((resolve) => {
          const socket = new WebSocket(`${target.replace("http", "ws")}/rpc`);
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("refused");
        }),
      ];
      return Promise.all(attempts.map((attempt) => attempt.catch(() => "refused")));
    }, `http://127.0.0.1:${port}`);
    expect(outcome).toEqual(["refused", "refused", "refused"]);
  } finally {
    await rebound.close();
  }
});

test("the code is nowhere in the page once it was used", async () => {
  const code = new URL(app.url).hash.slice("#code=".length);
  const seen = await page.evaluate(() => ({
    url: location.href,
    history: history.length,
    storage: JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    cookie: document.cookie,
    referrer: document.referrer,
  }));
  expect(JSON.stringify(seen)).not.toContain(code);
  expect(seen.cookie).toBe("");
  const again = await visit(browser, app.url);
  await again.page
    .getByText(/session has ended|new link/i)
    .first()
    .waitFor();
  await again.close();
});
