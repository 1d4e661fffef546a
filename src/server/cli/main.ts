import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { AppError } from "#contract/errors.ts";
import { createEngine, lockHome, openLog, parseOptions, prepareHome, resolveHome } from "#engine";
import packageJson from "../../../package.json" with { type: "json" };
import { startServer } from "../server.ts";
import { openBrowser } from "./open-browser.ts";

/** Runs the browser mode until it is told to stop. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const home = resolveHome(options.home);
  prepareHome(home);
  const lock = lockHome(home);
  const log = openLog(home);
  const engine = await createEngine({
    home,
    choice: options.engine,
    env: process.env,
    version: packageJson.version,
    host: { capabilities: [], openExternal: openBrowser },
    log,
  });
  engine.prepare();
  const server = await startServer({
    areas: engine.areas,
    port: options.port,
    pages: join(import.meta.dirname, "../renderer"),
    onInternalError(error, procedure) {
      const id = randomUUID().slice(0, 8);
      log.error(`unexpected error in ${procedure}`, { id, error });
      return id;
    },
    onPage: () => engine.expectPage(),
  });

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await server.close();
    await engine.close();
    lock.release();
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());

  const url = server.issueUrl();
  console.log(`Longshore is ready at ${url}`);
  if (options.open)
    await openBrowser(url).catch(() => console.error("No browser could be opened; open the address above."));
  if (process.stdin.isTTY) offerNewLinks(() => server.issueUrl());
}

/** A code works once, so a second browser needs another one. */
function offerNewLinks(issueUrl: () => string): void {
  console.error("Press Enter for a link that works in another browser, Ctrl+C to stop.");
  process.stdin.on("data", () => console.error(issueUrl()));
}

main().catch((error: unknown) => {
  console.error(error instanceof AppError ? error.message : error);
  process.exit(1);
});
