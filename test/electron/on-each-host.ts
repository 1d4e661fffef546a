import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import type { DesktopApp, Host, LaunchOptions } from "./desktop-app.ts";
import { double } from "./double/launch.ts";
import { real } from "./real.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why a test was skipped; the closing lines of `npm test` show it. */
    reason?: string;
  }
}

/** What a conformance test starts the app with. */
export interface Harness {
  readonly host: Host;
  /** A fresh LONGSHORE_HOME, removed after the suite. */
  readonly makeHome: () => Promise<string>;
  /** Starts the app with an engine that is not there; it is ended after the suite. */
  readonly launch: (options: LaunchOptions) => Promise<DesktopApp>;
}

function harness(host: Host): Harness {
  const started: DesktopApp[] = [];
  const homes: string[] = [];
  afterAll(async () => {
    await Promise.all(started.map((app) => app.close()));
    for (const home of homes) await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    host,
    async makeHome() {
      const home = await mkdtemp(join(tmpdir(), "longshore-desktop-"));
      homes.push(home);
      return home;
    },
    async launch({ args = [], ...options }) {
      const engine = `unix://${join(options.home, "no-engine.sock")}`;
      const app = await host.launch({ ...options, args: ["--engine", engine, ...args] });
      started.push(app);
      return app;
    },
  };
}

/** Registers the same cases for the double and, where its binary is present, for Electron itself. */
export function onEachHost(title: string, cases: (harness: Harness) => void): void {
  for (const host of [double, real]) {
    describe(`${title} on ${host.name}`, () => {
      if (host.missing === undefined) return cases(harness(host));
      const reason = host.missing;
      test("runs", ({ task, skip }) => {
        task.meta.reason = reason;
        skip(reason);
      });
    });
  }
}
