import { parseArgs } from "node:util";
import { AppError } from "#contract/errors.ts";

/** What both hosts accept on their command line. */
export interface AppOptions {
  /** Serve the browser mode even where a desktop could be opened. */
  readonly browser: boolean;
  /** TCP port of the browser mode on 127.0.0.1; 0 takes any that is free. */
  readonly port: number;
  /** Open the user's browser once the page is ready. */
  readonly open: boolean;
  /** `vm`, `host` or a Docker host URL; undefined leaves the choice to the settings and the environment. */
  readonly engine: string | undefined;
  /** The folder that holds all state; undefined means `LONGSHORE_HOME` or the platform's own place. */
  readonly home: string | undefined;
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new AppError("bad_request", `--port takes a number from 0 to 65535, not "${text}".`);
}

function parseEngine(text: string | undefined): string | undefined {
  if (text === undefined || text === "vm" || text === "host" || text === "auto") return text;
  if (/^(unix|npipe|tcp|http|https|ssh):\/\//.test(text)) return text;
  throw new AppError(
    "bad_request",
    `--engine takes "vm", "host" or a Docker host URL such as unix:///var/run/docker.sock, not "${text}".`,
  );
}

/** Reads the arguments behind the program's name. Errors: bad_request with the option that is wrong. */
export function parseOptions(args: readonly string[]): AppOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        browser: { type: "boolean", default: false },
        port: { type: "string" },
        open: { type: "boolean", default: true },
        engine: { type: "string" },
        home: { type: "string" },
      },
    });
    return {
      browser: values.browser,
      port: parsePort(values.port),
      open: values.open,
      engine: parseEngine(values.engine),
      home: values.home,
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "bad_request",
      `${reason} Options: --browser --port N --no-open --engine vm|host|URL --home DIR`,
    );
  }
}
