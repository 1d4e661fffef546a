import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const memorySchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().nonnegative(), height: z.int().nonnegative() }).optional(),
  maximized: z.boolean().default(false),
  /** The user was told once that closing the window does not quit. */
  toldAboutTray: z.boolean().default(false),
});

export type WindowMemory = z.infer<typeof memorySchema>;

export interface MemoryFile {
  readonly current: WindowMemory;
  remember(changes: Partial<WindowMemory>): void;
}

function read(file: string): WindowMemory {
  try {
    return memorySchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Missing or damaged: this is comfort, not data, and the next change writes it anew.
    return memorySchema.parse({});
  }
}

/** What the window remembers between starts, in `HOME/window.json`. A change that cannot be kept is only logged. */
export function openMemory(home: string, onFailure: (error: unknown) => void): MemoryFile {
  const file = join(home, "window.json");
  let current = read(file);
  return {
    get current() {
      return current;
    },
    remember(changes) {
      current = { ...current, ...changes };
      try {
        writeFileSync(`${file}.new`, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch (error) {
        onFailure(error);
      }
    },
  };
}
