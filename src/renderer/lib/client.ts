import { AppError, contract, type LongshoreClient, type RequestOptions } from "#contract";
import { useLink } from "./link.ts";

const lostMessage = "Longshore's own process does not answer. The page reconnects by itself; try again in a moment.";
const endedMessage = "This session has ended. Start Longshore again, or open the new link that it prints.";

/** The client of the open link; waits while the page connects for the first time. */
function currentClient(signal: AbortSignal | undefined): Promise<LongshoreClient> {
  return new Promise((resolve, reject) => {
    const settle = (): boolean => {
      const { client: open, status } = useLink.getState();
      if (open) resolve(open);
      else if (signal?.aborted) reject(new AppError("cancelled", "The request was cancelled."));
      else if (status === "lost") reject(new AppError("unavailable", lostMessage));
      else if (status === "ended") reject(new AppError("unavailable", endedMessage));
      else return false;
      return true;
    };
    if (settle()) return;
    const check = (): void => {
      if (!settle()) return;
      unsubscribe();
      signal?.removeEventListener("abort", check);
    };
    const unsubscribe = useLink.subscribe(check);
    signal?.addEventListener("abort", check, { once: true });
  });
}

type AnyMethod = (input: unknown, options?: RequestOptions) => unknown;

function findMethod(open: LongshoreClient, area: string, name: string): AnyMethod {
  const areas: Record<string, Record<string, AnyMethod>> = open as never;
  const method = areas[area]?.[name];
  if (!method) throw new AppError("internal", `There is no procedure ${area}.${name}.`);
  return method;
}

async function call(path: readonly [string, string], input: unknown, options?: RequestOptions): Promise<unknown> {
  const open = await currentClient(options?.signal);
  return findMethod(open, ...path)(input, options);
}

async function* iterate(path: readonly [string, string], input: unknown, options?: RequestOptions) {
  const open = await currentClient(options?.signal);
  // Procedures of kind "stream" answer with an AsyncIterable by the contract's types; the lookup has lost that.
  yield* findMethod(open, ...path)(input, options) as AsyncIterable<unknown>;
}

function build(): LongshoreClient {
  const areas = Object.entries(contract).map(([area, procedures]) => {
    const methods = Object.entries(procedures).map(([name, procedure]) => {
      const start = procedure.kind === "call" ? call : iterate;
      return [name, (input: unknown, options?: RequestOptions) => start([area, name], input, options)];
    });
    return [area, Object.fromEntries(methods)];
  });
  // Derived from the contract's own entries, which is what the type says; the compiler cannot follow that.
  return Object.fromEntries(areas) as LongshoreClient;
}

/** The one client of the screens. It outlives a lost link: requests go over whichever link is open. */
export const client: LongshoreClient = build();
