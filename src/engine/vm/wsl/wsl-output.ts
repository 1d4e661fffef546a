/** Text of `wsl.exe`, which writes UTF-16LE, with or without a byte order mark, and sometimes plain UTF-8. */
export function decodeWsl(output: Buffer): string {
  const marked = output.length >= 2 && output[0] === 0xff && output[1] === 0xfe;
  const wide = marked || (output.length >= 2 && output.length % 2 === 0 && output[1] === 0);
  const text = wide ? output.subarray(marked ? 2 : 0).toString("utf16le") : output.toString("utf8");
  return text.replaceAll("\r\n", "\n");
}

export interface WslDistribution {
  readonly name: string;
  readonly state: string;
  readonly version: number;
}

/** Rows of `wsl.exe --list --verbose`; its headings are in the user's language, so columns are told by their form. */
export function parseDistributions(text: string): WslDistribution[] {
  return text.split("\n").flatMap((line) => {
    const found = /^[ *]\s*(\S+)\s+(\S.*?)\s+([12])\s*$/.exec(line);
    const [, name, state, version] = found ?? [];
    return name === undefined || state === undefined ? [] : [{ name, state, version: Number(version) }];
  });
}

/** Names in `wsl.exe --list --quiet [--running]`. */
export function parseNames(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Version of WSL in `wsl.exe --version`: the first number of that form. The old inbox WSL has no such option. */
export function parseWslVersion(text: string): string | undefined {
  return /(\d+\.\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];
}
