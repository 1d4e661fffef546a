import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { windowsOf } from "../fixtures/screen.ts";
import type { DesktopApp } from "./desktop-app.ts";
import { double } from "./double/launch.ts";

// On the double alone: which keyring a machine has, and whether it asks its user, no test of Electron itself can know.

const run = promisify(execFile);
const login = { user: "canary-user", password: "canary-pa55word-desktop" };
const keyring = { ELECTRON_DOUBLE_KEYRING: "gnome_libsecret:of-this-desktop" };

let registry: TestRegistry;
let home: string;
let app: DesktopApp | undefined;

beforeAll(async () => {
  registry = await startRegistry(login);
});
afterAll(() => registry?.stop());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "longshore-keyring-"));
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await rm(home, { recursive: true, maxRetries: 5 });
});

async function openRegistries(env: Readonly<Record<string, string>>): Promise<Page> {
  await app?.close();
  const engine = `unix://${join(home, "no-engine.sock")}`;
  app = await double.launch({ home, args: ["--engine", engine], env: { DOCKER_CONFIG: home, ...env } });
  const page = await app.firstWindow();
  await page.getByRole("link", { name: "Registries", exact: true }).click();
  await page.getByRole("list", { name: "Registries" }).waitFor();
  return page;
}

async function logIn(page: Page, place: string): Promise<void> {
  const { address } = registry;
  const dialog = windowsOf(page, "dialog");
  await page.getByRole("button", { name: "Add registry" }).click();
  await dialog.getByRole("textbox", { name: "Registry" }).fill(address);
  await dialog.getByText("Allow plain http").click();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: `Log in: ${address}` }).click();
  await dialog.getByRole("textbox", { name: "User name" }).fill(login.user);
  await dialog.getByLabel("Password or access token").fill(login.password);
  await dialog.getByText(place).waitFor();
  await dialog.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByText(`Logged in as ${login.user}`).waitFor();
}

/** Files below the home that hold the password as it was typed, or in base64. */
async function filesWithPassword(): Promise<string> {
  const patterns = [
    login.password,
    Buffer.from(login.password).toString("base64").slice(0, -2),
    Buffer.from(`${login.user}:${login.password}`).toString("base64"),
  ];
  const found = await Promise.all(
    patterns.map((pattern) => run("grep", ["-rlaF", "--", pattern, home]).catch(() => ({ stdout: "" }))),
  );
  return found.map(({ stdout }) => stdout).join("");
}

test("a login is encrypted by the desktop's keyring and there at the next start; with another key it is asked anew", async () => {
  await logIn(await openRegistries(keyring), "the desktop's keyring");
  const path = join(home, "credentials.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, "utf8")).logins[registry.address].user).toBe(login.user);
  expect(await filesWithPassword()).toBe("");

  const again = await openRegistries(keyring);
  await again.getByRole("button", { name: `Test: ${registry.address}` }).click();
  await again.getByText(`lets ${login.user} in`).waitFor();

  const other = await openRegistries({ ELECTRON_DOUBLE_KEYRING: "gnome_libsecret:of-another-desktop" });
  await other.getByRole("button", { name: `Test: ${registry.address}` }).click();
  await other.getByText("asks for a login").first().waitFor();
});

test("where Electron has no keyring but only a fixed key, nothing is written", async () => {
  await logIn(await openRegistries({}), "keeps this login in memory");
  expect(existsSync(join(home, "credentials.json"))).toBe(false);
  expect(await filesWithPassword()).toBe("");
});
