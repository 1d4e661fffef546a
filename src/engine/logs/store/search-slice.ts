import type { Block } from "./block.ts";

/** Bytes that a regular expression is given at once. */
const sliceBytes = 256 * 1024;

/** Lines of a block, the last one not included. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Lines that an expression is given at once; of them `only` these where the others are known not to match. */
export interface Slice extends Range {
  readonly only?: readonly number[];
}

/** The next lines, as many as make a slice. */
export function wholeSlice(block: Block, { from, to }: Range): Slice {
  return { from, to: Math.min(block.lineAt(block.startOf(from) + sliceBytes, from) + 1, to) };
}

/** As many of the candidates as make a slice, with what lies between them. */
export function sliceOf(block: Block, candidates: readonly number[], { from, to }: Range): Slice {
  const only: number[] = [];
  let sizeBytes = 0;
  for (const index of candidates) {
    if (index < from) continue;
    if (sizeBytes > sliceBytes) return { from, to: index, only };
    only.push(index);
    sizeBytes += (block.ends[index] ?? 0) - block.startOf(index);
  }
  return { from, to, only };
}
