/** One instruction, at the line where it begins. */
export interface Instruction {
  readonly line: number;
  /** In capitals. */
  readonly verb: string;
  readonly rest: string;
}

const heredocStart = /<<-?\s*(["']?)([A-Za-z_][A-Za-z0-9_]*)\1/g;

function escapeOf(text: string): string {
  const directive = /^\s*#\s*escape\s*=\s*([`\\])\s*$/im.exec(text.split("\n").slice(0, 5).join("\n"));
  return directive?.[1] ?? "\\";
}

/** The instructions of a Dockerfile with their lines. Reads what it can: the builder is who judges. */
export function readInstructions(text: string): Instruction[] {
  const continues = escapeOf(text);
  const lines = text.split(/\r?\n/);
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const start = index;
    if (/^\s*(#|$)/.test(lines[index] ?? "")) continue;
    let whole = lines[index] ?? "";
    while (whole.trimEnd().endsWith(continues) && index + 1 < lines.length) {
      whole = whole.trimEnd().slice(0, -1);
      index += 1;
      // Comments and empty lines between continued ones belong to none.
      while (/^\s*(#|$)/.test(lines[index] ?? "") && index + 1 < lines.length) index += 1;
      whole += ` ${lines[index]?.trim() ?? ""}`;
    }
    const [, verb = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(whole) ?? [];
    instructions.push({ line: start + 1, verb: verb.toUpperCase(), rest });
    if (!/^(RUN|COPY|ADD)$/i.test(verb)) continue;
    for (const [, , end] of rest.matchAll(heredocStart)) {
      while (index + 1 < lines.length && lines[index + 1]?.trim() !== end) index += 1;
      index += 1;
    }
  }
  return instructions;
}

/** Names of the stages, and of the build arguments. */
export function readStages(text: string): { stages: string[]; args: string[] } {
  const instructions = readInstructions(text);
  const stages = instructions.flatMap(({ verb, rest }) => {
    const name = verb === "FROM" ? /\sAS\s+(\S+)\s*$/i.exec(rest)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
  const args = instructions.flatMap(({ verb, rest }) =>
    verb === "ARG" ? rest.split(/\s+/).flatMap((word) => word.split("=")[0] || []) : [],
  );
  return { stages, args: [...new Set(args)] };
}

/** Instructions that BuildKit counts as steps of a stage. */
const countedVerbs = new Set(["FROM", "RUN", "COPY", "ADD", "WORKDIR"]);

/** The line of BuildKit's step `[stage 2/5] RUN …` or `[2/5] RUN …`. */
function lineOfVertex(instructions: readonly Instruction[], name: string): number | undefined {
  const [, label = "", number, verb = ""] = /^\[(?:(.*) )?(\d+)\/\d+\] (\S+)/.exec(name) ?? [];
  if (number === undefined) return undefined;
  const stageName = label.split(" ").at(-1) ?? "";
  let stage = -1;
  let count = 0;
  for (const { line, verb: own, rest } of instructions) {
    if (own === "FROM") {
      stage += 1;
      count = 0;
    }
    if (stage < 0 || !countedVerbs.has(own)) continue;
    count += 1;
    if (count !== Number(number) || own !== verb.toUpperCase()) continue;
    if (stageName === "" || stageNameAt(instructions, stage).toLowerCase() === stageName.toLowerCase()) return line;
    if (rest === name) return line;
  }
  return undefined;
}

function stageNameAt(instructions: readonly Instruction[], stage: number): string {
  const from = instructions.filter(({ verb }) => verb === "FROM")[stage];
  return /\sAS\s+(\S+)\s*$/i.exec(from?.rest ?? "")?.[1] ?? `stage-${stage}`;
}

interface Fault {
  readonly line: number;
  readonly excerpt: { line: number; text: string }[];
}

const linesAround = 2;

function excerptAt(text: string, line: number): Fault {
  const lines = text.split(/\r?\n/);
  const first = Math.max(1, line - linesAround);
  const last = Math.min(lines.length, line + linesAround);
  const excerpt = [];
  for (let number = first; number <= last; number += 1) excerpt.push({ line: number, text: lines[number - 1] ?? "" });
  return { line, excerpt };
}

/** Where a build failed: by the builder's own words where they name a line, else by the step that failed. */
export function findFault(
  text: string,
  {
    message,
    stepName,
    stepNumber,
  }: { message: string; stepName?: string | undefined; stepNumber?: number | undefined },
): Fault | undefined {
  const told = /(?:parse error (?:on )?line |Dockerfile:|line )(\d+)/i.exec(message)?.[1];
  const lineCount = text.split("\n").length;
  if (told !== undefined && Number(told) <= lineCount) return excerptAt(text, Number(told));
  const instructions = readInstructions(text);
  const line =
    stepNumber === undefined ? lineOfVertex(instructions, stepName ?? "") : instructions[stepNumber - 1]?.line;
  return line === undefined ? undefined : excerptAt(text, line);
}
