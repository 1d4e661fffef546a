/** Runs the built main process on the double, and answers a test's questions about it. */
import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";

const doubleUrl = new URL("./electron.ts", import.meta.url).href;
registerHooks({
  resolve: (name, context, next) =>
    name === "electron" ? { url: doubleUrl, shortCircuit: true } : next(name, context),
});

const electron = await import("./electron.ts");
const root = electron.app.getAppPath();

interface Question {
  readonly id: number;
  readonly source: string;
  readonly argument: unknown;
}

process.on("message", ({ id, source, argument }: Question) => {
  const answer = async (): Promise<unknown> => runInThisContext(`(${source})`)(electron, argument);
  answer().then(
    (value) => process.send?.({ id, value }),
    (error: Error) => process.send?.({ id, error: error.stack ?? String(error) }),
  );
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => electron.app.quit());

const { main }: { main: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
if (!existsSync(join(root, main))) throw new Error(`${main} is not built`);
process.argv = [process.execPath, root, ...process.argv.slice(2)];
await import(pathToFileURL(join(root, main)).href);
electron.app.start();
