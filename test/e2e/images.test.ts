import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { type App, startApp } from "../fixtures/app.ts";
import { launchBrowser, type Visit, visit } from "../fixtures/browser.ts";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { windowsOf } from "../fixtures/screen.ts";

const run = promisify(execFile);
/** Of this run alone: the processes of the whole machine are looked at, and others may run this test too. */
const login = { user: "canary-user", password: `canary-pa55word-${randomBytes(6).toString("hex")}` };

let docker: DockerCli;
let registry: TestRegistry;
let browser: Browser;
let app: App;
let visitor: Visit;
let page: Page;
let folder: string;

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  [registry, browser] = await Promise.all([startRegistry(login), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await registry?.stop();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "longshore-e2e-images-"));
  app = await startApp({ engine: inject("dockerHost"), home: join(folder, "home"), env: { DOCKER_CONFIG: folder } });
  visitor = await visit(browser, app.url);
  ({ page } = visitor);
  await page.getByRole("link", { name: "Images", exact: true }).click();
  await page.getByRole("table", { name: "Images" }).waitFor();
});
afterEach(async () => {
  await visitor?.close();
  await app?.stop();
  const containers = (await docker("ps", "-aq", "--filter", "name=webby")).split("\n").filter(Boolean);
  if (containers.length > 0) await docker("rm", "-fv", ...containers);
  rmSync(folder, { recursive: true, force: true });
});

const row = (name: string) => page.getByRole("row").filter({ hasText: name });
const inDialog = () => windowsOf(page, "dialog").last();

async function rowAction(name: string, verb: string): Promise<void> {
  const button = page.getByRole("button", { name: `${verb} ${name}`, exact: true });
  await page.getByRole("row").filter({ has: button }).hover();
  await button.click();
}

/** Waits until the task list says so. */
async function taskSays(text: RegExp): Promise<void> {
  await page.getByRole("contentinfo", { name: "Status" }).getByRole("button", { name: /task/i }).click();
  await page.getByText(text).last().waitFor();
  await page.keyboard.press("Escape");
}

/** Looks at the arguments and the environment of all processes again and again. */
function watchArguments(secret: string): { stop: () => string[] } {
  const found = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      for (const file of ["cmdline", "environ"]) {
        try {
          if (readFileSync(`/proc/${pid}/${file}`, "utf8").includes(secret)) found.add(`${pid} ${file}`);
        } catch {
          // It has ended.
        }
      }
    }
  };
  const timer = setInterval(look, 50);
  onTestFinished(() => clearInterval(timer));
  return {
    stop() {
      clearInterval(timer);
      return [...found];
    },
  };
}

async function buildWeb(): Promise<void> {
  writeFileSync(join(folder, "index.html"), "hello from webby");
  writeFileSync(
    join(folder, "Dockerfile"),
    'FROM busybox:test\nCOPY index.html /www/\nEXPOSE 80\nCMD ["httpd","-f","-h","/www"]\n',
  );
  await docker("build", "-q", "-t", "webby:1", folder);
}

test("the whole life of an image by clicking, each step confirmed by the docker CLI", {
  timeout: 180_000,
}, async () => {
  const { address } = registry;
  const remote = `${address}/team/webby:2`;
  const seen = watchArguments(login.password);
  await buildWeb();
  // Log in; this registry's certificate is nobody's, which is allowed only when said so.
  await page.getByRole("link", { name: "Registries", exact: true }).click();
  await page.getByRole("button", { name: "Add registry" }).click();
  await inDialog().getByRole("textbox", { name: "Registry" }).fill(address);
  await inDialog().getByText("Allow plain http").click();
  await inDialog().getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: `Log in: ${address}` }).click();
  await inDialog().getByRole("textbox", { name: "User name" }).fill(login.user);
  await inDialog().getByLabel("Password or access token").fill(login.password);
  await inDialog().getByText("keeps this login in memory").waitFor();
  await inDialog().getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByText(`Logged in as ${login.user}`).waitFor();
  // Tag and push.
  await page.getByRole("link", { name: "Images", exact: true }).click();
  await row("webby").first().click({ button: "right" });
  await page.getByRole("menuitem", { name: "Tag webby:1" }).click();
  await inDialog().getByRole("textbox", { name: "New reference" }).fill(remote);
  await inDialog().getByRole("button", { name: "Tag", exact: true }).click();
  await row(`${address}/team/webby`).waitFor();
  expect(await docker("images", "-q", remote)).toBe(await docker("images", "-q", "webby:1"));
  await rowAction(remote, "Push");
  await inDialog().getByRole("button", { name: "Push", exact: true }).click();
  await taskSays(new RegExp(`Pushed ${remote}`));
  // Remove both names.
  await rowAction(remote, "Remove");
  await page.getByText("one of 2 tags").waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove", exact: true }).click();
  await row(`${address}/team/webby`).waitFor({ state: "detached" });
  await rowAction("webby:1", "Remove");
  await page.getByText("This is the only tag").waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove", exact: true }).click();
  await row("webby").waitFor({ state: "detached" });
  expect(await docker("images", "-q", "webby:1")).toBe("");
  // Browse its tags and pull again.
  await page.getByRole("button", { name: "Pull", exact: true }).first().click();
  await inDialog().getByRole("textbox", { name: "Image", exact: true }).fill(`${address}/team/webby`);
  await inDialog().getByRole("button", { name: "Show tags" }).click();
  await inDialog().getByRole("button", { name: "2", exact: true }).click();
  await inDialog().getByRole("button", { name: "Pull", exact: true }).click();
  await taskSays(new RegExp(`Pulled ${remote}`));
  await row(`${address}/team/webby`).waitFor();
  expect(await docker("images", "-q", remote)).not.toBe("");
  // Run it and open its port.
  await rowAction(remote, "Run");
  await inDialog().getByRole("textbox", { name: "Name" }).fill("webby-run");
  const hostPort = await inDialog().getByRole("textbox", { name: "Host port 1" }).inputValue();
  await inDialog().getByRole("button", { name: "Run", exact: true }).click();
  const [opened] = await Promise.all([
    visitor.context.waitForEvent("page"),
    inDialog()
      .getByRole("button", { name: `Open in browser: http://localhost:${hostPort}/` })
      .click(),
  ]);
  // The container's network card has just come, and Chromium may have dropped what it was loading then.
  await expect
    .poll(async () => {
      const text = await opened.textContent("body").catch(() => "");
      if (!text?.includes("hello")) await opened.reload().catch(() => {});
      return text;
    })
    .toContain("hello from webby");
  await opened.close();
  expect(await docker("ps", "--filter", "name=webby-run", "--format", "{{.Names}}")).toBe("webby-run");
  await inDialog().getByRole("button", { name: "Close", exact: true }).last().click();
  // In use now: removing says by whom.
  await rowAction(remote, "Remove");
  await page.getByText("webby-run").first().waitFor();
  await page.getByText("Stop and remove the container first").waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  // Prune what is left once the container is gone.
  await docker("rm", "-f", "webby-run");
  await page.getByRole("button", { name: "Prune", exact: true }).click();
  await inDialog().getByText("All images that no container uses").click();
  await inDialog()
    .getByRole("checkbox", { name: new RegExp(remote) })
    .click();
  await inDialog().getByRole("button", { name: "Remove selected" }).click();
  await inDialog()
    .getByText(/Freed .*1 removed, 0 kept/)
    .waitFor();
  expect(await docker("images", "-q", remote)).toBe("");
  expect(visitor.problems).toEqual([]);
  // The password is in no file, no storage of the page, and no process's arguments.
  const { stdout } = await run("grep", ["-rl", login.password, folder]).catch(() => ({ stdout: "" }));
  expect(stdout).toBe("");
  expect(await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage}) + document.cookie")).not.toContain(
    "canary",
  );
  expect(seen.stop()).toEqual([]);
  const engineLog = join(dirname(new URL(inject("dockerHost")).pathname), "dockerd.log");
  expect(readFileSync(engineLog, "utf8")).not.toContain(login.password);
});

test("a build that fails shows the line; the files of an image are browsed", async () => {
  writeFileSync(join(folder, "Dockerfile"), "FROM busybox:test\nRUN echo fine\nRUN exit 7\n");
  await page.getByRole("link", { name: "Builds", exact: true }).click();
  await page.getByRole("button", { name: "Build", exact: true }).first().click();
  await inDialog().getByRole("textbox", { name: "Folder" }).fill(folder);
  await inDialog()
    .getByText(/^Sends \d+ files?/)
    .waitFor();
  await inDialog().getByRole("textbox", { name: "Tags" }).fill("failing:1");
  await inDialog().getByRole("button", { name: "Build", exact: true }).click();
  await page.getByText("Failed at line 3 of Dockerfile").waitFor();
  await page.getByRole("button", { name: /RUN echo fine/ }).click();
  await page
    .getByRole("region", { name: /Log of .*RUN echo fine/ })
    .getByText("fine")
    .waitFor();
  await page.getByRole("link", { name: "Images", exact: true }).click();
  await page.getByRole("link", { name: "busybox" }).click();
  await page.getByRole("tab", { name: "Layers" }).click();
  await page.getByText("1 layer,").waitFor();
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("button", { name: "bin", exact: true }).click();
  await page.getByRole("table", { name: "/bin" }).getByText("busybox", { exact: true }).first().waitFor();
  expect(visitor.problems).toEqual([]);
});

test("the app killed in a pull: no orphan, and the next start shows the true state", async () => {
  const rootfs = { type: "layers", diff_ids: [`sha256:${"c".repeat(64)}`] };
  const config = JSON.stringify({ architecture: "amd64", os: "linux", config: {}, rootfs });
  const configDigest = `sha256:${createHash("sha256").update(config).digest("hex")}`;
  let asked = 0;
  let open = 0;
  // A registry that never gets to the end of a layer.
  const slow = createServer((request, response) => {
    if (request.url?.includes("/manifests/")) {
      const type = "application/vnd.docker.distribution.manifest.v2+json";
      const part = {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: config.length,
        digest: configDigest,
      };
      const digest = `sha256:${"b".repeat(64)}`;
      const layer = { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: 5_000_000, digest };
      response.writeHead(200, { "content-type": type });
      response.end(JSON.stringify({ schemaVersion: 2, mediaType: type, config: part, layers: [layer] }));
    } else if (request.url?.endsWith(configDigest)) response.writeHead(200).end(config);
    else if (request.url?.includes("/blobs/")) {
      asked += 1;
      open += 1;
      response.writeHead(200, { "content-length": "5000000" });
      const drip = setInterval(() => response.write("x".repeat(1000)), 50);
      response.once("close", () => {
        clearInterval(drip);
        open -= 1;
      });
    } else response.writeHead(200).end("{}");
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const { port } = slow.address() as { port: number };
  const reference = `127.0.0.1:${port}/stuck/app:1`;
  try {
    await page.getByRole("button", { name: "Pull", exact: true }).first().click();
    await inDialog().getByRole("textbox", { name: "Image", exact: true }).fill(reference);
    await inDialog().getByRole("button", { name: "Pull", exact: true }).click();
    await expect.poll(() => asked).toBeGreaterThan(0);
    await app.kill();
    // The engine gives up what nobody waits for any more.
    await expect.poll(() => open).toBe(0);
    expect(await docker("images", "-q", reference)).toBe("");
    await visitor.close();
    app = await startApp({ engine: inject("dockerHost"), home: join(folder, "home"), env: { DOCKER_CONFIG: folder } });
    visitor = await visit(browser, app.url);
    ({ page } = visitor);
    await page.getByRole("button", { name: "1 task failed" }).click();
    await page.getByText("Longshore ended during this pull").waitFor();
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});
