import { defineConfig } from "vitest/config";
import { overMachine, slow, slowOverMachine } from "./test/slow.ts";

// Deadlines only end what would never come: the machine may be several times slower than the one a test was written on.
// A wait that is over at once costs nothing.
const expectations = { expect: { poll: { timeout: 30_000, interval: 50 } } };

const realEngine = {
  globalSetup: ["test/fixtures/docker-engine.setup.ts"],
  setupFiles: ["test/fixtures/shared-engine.ts", "test/fixtures/stop-at-failure.ts"],
  ...expectations,
  testTimeout: 90_000,
  hookTimeout: 120_000,
  // One dockerd serves them all; two files at once would see each other's containers.
  fileParallelism: false,
};

// Groups run one after the other: a suite that measures a deadline of two seconds must not share two cores with a
// virtual machine and three browsers.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "vm/**/*.test.ts", "test/{rpc,theme}/**/*.test.ts"],
          environment: "node",
          ...expectations,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "server",
          include: ["test/server/**/*.test.ts"],
          ...expectations,
          testTimeout: 90_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          exclude: slow,
          ...realEngine,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: slow,
          ...realEngine,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "electron",
          sequence: { groupOrder: 4 },
          include: ["test/electron/**/*.test.ts"],
          globalSetup: ["test/electron/build.setup.mjs"],
          ...expectations,
          testTimeout: 90_000,
          hookTimeout: 90_000,
          // Each test starts an app and a Chromium of its own; side by side they would only wait for each other.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "vm",
          // Suites of the machine itself, and those of a plain dockerd that must hold over it as well.
          include: ["test/vm/**/*.test.ts", ...overMachine, ...(process.env.LONGSHORE_FULL ? slowOverMachine : [])],
          exclude: slow,
          globalSetup: ["test/fixtures/shared-machine.setup.ts"],
          setupFiles: ["test/fixtures/shared-machine.ts", "test/fixtures/stop-at-failure.ts"],
          expect: { poll: { timeout: 60_000, interval: 50 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // One machine serves them all, taken over from file to file.
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
      {
        test: {
          name: "vm-life",
          // Each file takes a machine of its own through its life: kills, faults, and what is done to its disk.
          include: ["test/vm-life/**/*.test.ts"],
          exclude: slow,
          setupFiles: ["test/fixtures/stop-at-failure.ts"],
          ...expectations,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 6 },
        },
      },
      { test: { name: "slow", include: slow, ...realEngine, testTimeout: 120_000, sequence: { groupOrder: 7 } } },
    ],
  },
});
