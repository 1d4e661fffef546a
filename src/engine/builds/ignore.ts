/** A pattern of .dockerignore (https://docs.docker.com/build/concepts/context/#dockerignore-files). */
interface Pattern {
  readonly excludes: boolean;
  readonly expression: RegExp;
  /** The folders before its first wildcard; an exception below an ignored folder keeps that folder walked. */
  readonly fixedPrefix: string;
}

function clean(line: string): string {
  const parts: string[] = [];
  for (const part of line.replaceAll("\\", "/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Go's filepath.Match with `**`, as moby/patternmatcher turns it into an expression. */
function toExpression(pattern: string): RegExp {
  let source = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? "";
    if (character === "*" && pattern[index + 1] === "*") {
      index += 1;
      if (pattern[index + 1] === "/") {
        index += 1;
        source += "(?:.*/)?";
      } else source += ".*";
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", index + 2);
      if (end === -1) source += "\\[";
      else {
        source += pattern.slice(index, end + 1);
        index = end;
      }
    } else source += character.replace(/[.+^${}()|\]\\]/g, "\\$&");
  }
  // What matches a folder matches all below it.
  return new RegExp(`^${source}(?:/.*)?$`, "s");
}

function readPattern(line: string): Pattern[] {
  const trimmed = line.trim();
  if (trimmed === "" || trimmed.startsWith("#")) return [];
  const excludes = !trimmed.startsWith("!");
  const pattern = clean(excludes ? trimmed : trimmed.slice(1).trim());
  if (pattern === "") return [];
  try {
    const fixedPrefix = pattern.split(/[*?[]/)[0] ?? "";
    return [{ excludes, expression: toExpression(pattern), fixedPrefix }];
  } catch {
    // A character class that no expression can hold matches nothing.
    return [];
  }
}

/** Which files of a folder a build leaves out. */
export class IgnoreRules {
  readonly #patterns: readonly Pattern[];

  constructor(text: string) {
    this.#patterns = text
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .flatMap(readPattern);
  }

  /** `path` is relative, with slashes. The last pattern that fits counts. */
  ignores(path: string): boolean {
    let ignored = false;
    for (const { excludes, expression } of this.#patterns) if (expression.test(path)) ignored = excludes;
    return ignored;
  }

  /** Whether an ignored folder may hold something that an exception takes back. */
  mayHoldExceptions(folder: string): boolean {
    return this.#patterns.some(
      ({ excludes, fixedPrefix }) =>
        !excludes && (fixedPrefix.startsWith(`${folder}/`) || `${folder}/`.startsWith(fixedPrefix)),
    );
  }
}
