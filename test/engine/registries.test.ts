import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { createEngine, type Engine, openLog } from "#engine";
import { allHandlers } from "../fixtures/all-handlers.ts";
import { type DockerCli, dockerCli } from "../fixtures/docker-cli.ts";
import type { EngineUnderTest } from "../fixtures/engine-under-test.ts";
import { letEngineReach } from "../fixtures/over-machine.ts";
import { startRegistry, type TestRegistry } from "../fixtures/registry.ts";
import { failureOf, taskWhen } from "../fixtures/task-end.ts";

const run = promisify(execFile);

/** Secrets that must not be found anywhere afterwards. */
const user = "canary-user";
const password = "canary-pa55word-7c1";

let docker: DockerCli;
let registry: TestRegistry;
let folder: string;
let engine: EngineUnderTest;
let inner: Engine;
let unreach: (() => Promise<void>) | undefined;

beforeAll(async () => {
  docker = dockerCli(inject("dockerHost"));
  registry = await startRegistry({ user, password });
  unreach = await letEngineReach(docker, registry.address);
});
afterAll(async () => {
  await unreach?.();
  await registry?.stop();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "longshore-logins-"));
  for (const name of ["home", "docker", "bin", "kept"]) mkdirSync(join(folder, name));
});
afterEach(async () => {
  await inner?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(config: object = {}): Promise<void> {
  writeFileSync(join(folder, "docker", "config.json"), JSON.stringify(config));
  const home = join(folder, "home");
  const path = `${join(folder, "bin")}:${process.env.PATH}`;
  inner = await createEngine({
    home,
    choice: inject("dockerHost"),
    env: { DOCKER_CONFIG: join(folder, "docker"), PATH: path },
    version: "0",
    host: { capabilities: [], openExternal: () => Promise.resolve() },
    log: openLog(home),
  });
  const controller = new AbortController();
  engine = { handlers: await allHandlers(inner), signal: controller.signal, opened: [], close: () => inner.close() };
  for await (const { status } of inner.handlers.engine.watch({}, controller.signal)) if (status === "connected") break;
}

/** A helper that keeps logins in files, and notes with which arguments it was called. */
function addHelper(name: string): void {
  const kept = join(folder, "kept");
  const script = `#!/bin/sh
echo "$0 $@" >> ${kept}/arguments
case "$1" in
  store) cat > ${kept}/login ;;
  get) cat > ${kept}/asked; if [ -f ${kept}/login ]; then cat ${kept}/login; else echo "credentials not found in native keychain"; exit 1; fi ;;
  erase) rm -f ${kept}/login ;;
  list) echo '{}' ;;
esac
`;
  const path = join(folder, "bin", `docker-credential-${name}`);
  writeFileSync(path, script);
  chmodSync(path, 0o755);
}

async function filesWith(text: string): Promise<string> {
  const { stdout } = await run("grep", ["-rl", "--", text, join(folder, "home"), join(folder, "docker")]).catch(() => ({
    stdout: "",
  }));
  return stdout;
}

async function allowInsecure(): Promise<void> {
  await engine.handlers.registries.save({ address: registry.address, insecure: true }, engine.signal);
}

test("a certificate that nobody signed is refused until it is allowed", async () => {
  await start();
  const login = engine.handlers.registries.login({ address: registry.address, user, password }, engine.signal);
  await expect(login).rejects.toThrow(/certificate of 127.* is not trusted/);
});

test("log in, push, log out, be refused, log in again; nothing is left in a file", async () => {
  await start();
  const { handlers, signal } = engine;
  await allowInsecure();
  const { address } = registry;
  const wrong = handlers.registries.login({ address, user, password: "wrong" }, signal);
  await expect(wrong).rejects.toThrow("refused this user and password");
  expect(await handlers.registries.keeper({ address }, signal)).toEqual({ place: "session", detail: "" });
  await handlers.registries.login({ address, user, password }, signal);
  expect(await handlers.registries.test({ address }, signal)).toEqual({
    summary: `${address} answers and lets ${user} in.`,
  });
  const name = `${address}/private:1`;
  await docker("tag", "busybox:test", name);
  try {
    const { taskId } = await handlers.images.push({ reference: name }, signal);
    expect((await taskWhen(engine, taskId)).state.status).toBe("done");
    await docker("rmi", name);
    await handlers.registries.logout({ address }, signal);
    const { taskId: refused } = await handlers.images.pull({ reference: name }, signal);
    expect(await failureOf(engine, refused)).toMatchObject({ code: "permission", reason: "unauthorised" });
    await handlers.registries.login({ address, user, password }, signal);
    const { taskId: pull } = await handlers.images.pull({ reference: name }, signal);
    expect((await taskWhen(engine, pull)).state.status).toBe("done");
  } finally {
    await docker("rmi", name).catch(() => {});
  }
  expect(await filesWith(password)).toBe("");
  expect(await filesWith(Buffer.from(`${user}:${password}`).toString("base64"))).toBe("");
});

test("the diagnostics of the machine hold neither a login nor a proxy's password", async () => {
  const run1 = join(folder, "home", "logs", "machine", "run-2026-11-01T10-00-00.000Z");
  mkdirSync(run1, { recursive: true });
  const proxy = `http://${user}:canary-pr0xy@127.0.0.1:3128`;
  // The end that is kept begins in the middle of the first address.
  const console = `${"x".repeat(1000)}${proxy}\n${"y".repeat(512 * 1024 - 60)}\nproxy ${proxy}\n`;
  writeFileSync(join(run1, "console.log"), console);
  await start();
  await allowInsecure();
  const { handlers, signal } = engine;
  await handlers.registries.login({ address: registry.address, user, password }, signal);
  const { path = "" } = await handlers.machine.repair({ repair: "collect-diagnostics" }, signal);
  const bundle = readFileSync(path, "latin1");
  expect(bundle).toContain("machine.json");
  expect(bundle).toContain("proxy http://***@127.0.0.1:3128");
  expect(bundle).not.toContain("canary");
  expect(bundle).not.toContain(Buffer.from(`${user}:${password}`).toString("base64"));
  expect(await filesWith(password)).toBe("");
});

test("a credential helper keeps the login; its arguments hold no secret", async () => {
  addHelper("fake");
  await start({ credHelpers: { [registry.address]: "fake" } });
  await allowInsecure();
  const { handlers, signal } = engine;
  const keeper = await handlers.registries.login({ address: registry.address, user, password }, signal);
  expect(keeper).toEqual({ place: "helper", detail: "fake" });
  await handlers.registries.test({ address: registry.address }, signal);
  expect(readFileSync(join(folder, "kept", "login"), "utf8")).toContain(password);
  expect(readFileSync(join(folder, "kept", "arguments"), "utf8")).not.toContain("canary");
  await handlers.registries.logout({ address: registry.address }, signal);
  await expect(handlers.registries.test({ address: registry.address }, signal)).rejects.toThrow("asks for a login");
  expect(await filesWith(password)).toBe("");
});

test.each([
  ["../x", "is no name of a credential helper"],
  ["missing-helper", "is not on the path"],
])("a helper called %s is one clear message", async (name, words) => {
  await start({ credsStore: name });
  await expect(engine.handlers.registries.test({ address: registry.address }, engine.signal)).rejects.toThrow(words);
  const { warnings } = await engine.handlers.registries.list({}, engine.signal);
  expect(warnings.join()).toContain(words);
});

test("a helper that fails is said, without what it printed of the login", async () => {
  writeFileSync(join(folder, "bin", "docker-credential-broken"), "#!/bin/sh\necho the keychain is locked; exit 3\n", {
    mode: 0o755,
  });
  await start({ credsStore: "broken" });
  const test = engine.handlers.registries.test({ address: registry.address }, engine.signal);
  await expect(test).rejects.toThrow("docker-credential-broken failed to get: the keychain is locked");
});

test("a login in base64 is used, and warned about", async () => {
  const auth = Buffer.from(`${user}:${password}`).toString("base64");
  await start({ auths: { [registry.address]: { auth } } });
  await allowInsecure();
  const { registries, warnings } = await engine.handlers.registries.list({}, engine.signal);
  expect(registries.find(({ address }) => address === registry.address)?.login).toMatchObject({
    user,
    place: "plain_config",
  });
  expect(warnings.join()).toContain("unencrypted");
  expect(JSON.stringify({ registries, warnings })).not.toContain(password);
  await engine.handlers.registries.test({ address: registry.address }, engine.signal);
});
