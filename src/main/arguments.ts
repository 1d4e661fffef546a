const flags: ReadonlySet<string> = new Set(["--browser", "--open", "--no-open"]);
const valued: ReadonlySet<string> = new Set(["--port", "--engine", "--home"]);

/**
 * Longshore's own options out of a command line that it shares with Electron and Chromium, which have hundreds of
 * switches of their own (`--no-sandbox`, `--ozone-platform=…`) and put some there unasked.
 */
export function ownArguments(argv: readonly string[]): string[] {
  return argv.flatMap((argument, index) => {
    const [name = ""] = argument.split("=", 1);
    if (flags.has(argument) || (valued.has(name) && argument !== name)) return [argument];
    const value = argv[index + 1];
    if (valued.has(name)) return value === undefined ? [name] : [name, value];
    return [];
  });
}
