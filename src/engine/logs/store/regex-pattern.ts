import { AppError } from "#contract/errors.ts";
import type { LogQuery } from "#contract/log-filter.ts";
import type { RegexPattern } from "../worker/log-regex.ts";
import { escaped } from "./needle.ts";
import { withinLine } from "./within-line.ts";

function compile(source: string, flags: string): string | undefined {
  try {
    new RegExp(source, flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The pattern of a query. Errors: bad_request with `data: { position, reason }`. */
export function regexPattern({ text, regex, caseSensitive }: LogQuery): RegexPattern {
  const source = regex ? text : escaped(text);
  const base = caseSensitive ? "" : "i";
  const flags = compile(source, `${base}u`) === undefined ? `${base}u` : base;
  const problem = compile(source, flags);
  if (problem === undefined) return { source, flags, within: withinLine(source, { anyCase: !caseSensitive }) };
  const reason = problem.replace(/^Invalid regular expression: .*: /s, "");
  const position = problemPosition(source);
  throw new AppError("bad_request", `The regular expression is invalid at character ${position + 1}: ${reason}.`, {
    data: { position, reason },
  });
}

/** Where an invalid expression goes wrong; JavaScript tells what, but not where. */
export function problemPosition(source: string): number {
  const open: number[] = [];
  let atom = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? "";
    if (char === "\\") {
      if (at === source.length - 1) return at;
      at += 1;
      atom = true;
    } else if (char === "[") {
      const end = classEnd(source, at);
      if (end < 0) return at;
      const range = badRange(source, at, end);
      if (range >= 0) return range;
      at = end;
      atom = true;
    } else if (char === "(") {
      open.push(at);
      const head = /^\((?:\?(?::|<?[=!]|<[A-Za-z_$][\w$]*>))?/.exec(source.slice(at))?.[0] ?? "(";
      if (head === "(" && source[at + 1] === "?") return at + 1;
      at += head.length - 1;
      atom = false;
    } else if (char === ")") {
      if (open.pop() === undefined) return at;
      atom = true;
    } else if (char === "|") atom = false;
    else if (/[*+?]|\{\d+(,\d*)?\}/.test(char === "{" ? (/^\{\d+(,\d*)?\}/.exec(source.slice(at))?.[0] ?? "") : char)) {
      if (!atom) return at;
      const quantifier = /^(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??/.exec(source.slice(at));
      const [whole = char, low, high] = quantifier ?? [];
      if (low !== undefined && high !== undefined && high !== "" && Number(high) < Number(low)) return at;
      at += whole.length - 1;
      atom = false;
    } else atom = char !== "^";
  }
  return open.pop() ?? 0;
}

function classEnd(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === "]") return at;
  }
  return -1;
}

function badRange(source: string, start: number, end: number): number {
  const found = [...source.slice(start + 1, end).matchAll(/([^\\\-[\]])-([^\\\-[\]])/g)];
  const wrong = found.find(([, low = "", high = ""]) => low > high);
  return wrong ? start + 1 + wrong.index : -1;
}
