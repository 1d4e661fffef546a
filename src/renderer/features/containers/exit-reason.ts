/** Signals by number on Linux, which is where containers run. */
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

export type ExitReason =
  | { readonly key: "oom" | "c0" | "c1" | "c2" | "c125" | "c126" | "c127" | "other" }
  | { readonly key: "signal"; readonly signal: string };

const known: Readonly<Record<number, "c0" | "c1" | "c2" | "c125" | "c126" | "c127">> = {
  0: "c0",
  1: "c1",
  2: "c2",
  125: "c125",
  126: "c126",
  127: "c127",
};

/** What an exit code means, as far as shells and Docker agree on it. */
export function exitReason(exitCode: number, oomKilled: boolean): ExitReason {
  if (oomKilled) return { key: "oom" };
  const key = known[exitCode];
  if (key) return { key };
  const signal = signals[exitCode - 128];
  return signal ? { key: "signal", signal } : { key: "other" };
}
