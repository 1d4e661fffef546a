import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { dockerCli } from "../fixtures/docker-cli.ts";
import { untilState } from "../fixtures/machine.ts";
import { reopenMachine, sharedMachine } from "../fixtures/shared-machine.ts";

const docker = dockerCli(inject("dockerHost"));

/** The watch over an idle machine looks every five seconds. */
const twoLooksMs = 11_000;

beforeAll(async () => {
  // Minutes of a tenth of a second: the setting takes whole ones.
  const machine = await reopenMachine({ minuteMs: 100 });
  const { settings } = await machine.view();
  await machine.applySettings({ ...settings, idleMinutes: 2 });
});
afterAll(async () => {
  const { settings } = await sharedMachine().view();
  await sharedMachine().applySettings({ ...settings, idleMinutes: 0 });
  await sharedMachine().start();
});

test("a machine without running containers is suspended by itself, and wakes on the first request", async () => {
  await untilState(sharedMachine(), ({ status }) => status === "suspended", 180_000);
  expect(await docker("version", "--format", "{{.Server.Os}}")).toBe("linux");
  expect(["running", "suspending"]).toContain(sharedMachine().state.status);
});

test("a running container keeps it awake, and its end lets it rest again", async () => {
  await docker("run", "-d", "--name", "busy", "--stop-signal", "KILL", "busybox:test", "sleep", "9999");
  await new Promise((resolve) => setTimeout(resolve, twoLooksMs));
  expect(sharedMachine().state.status).toBe("running");
  await docker("rm", "-f", "busy");
  await untilState(sharedMachine(), ({ status }) => status === "suspended", 180_000);
});
