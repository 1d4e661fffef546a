import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "vm/**/*.test.ts", "test/rpc/**/*.test.ts", "test/server/**/*.test.ts"],
          environment: "node",
        },
      },
      {
        test: { name: "screen", include: ["src/renderer/**/*.test.tsx"], environment: "happy-dom" },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: ["test/fixtures/docker-engine.setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // One dockerd serves them all; two files at once would see each other's containers.
          fileParallelism: false,
        },
      },
    ],
  },
});
