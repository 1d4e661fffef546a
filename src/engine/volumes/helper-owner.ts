import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { readIfThere, replaceFile } from "../settings/file.ts";

/** A name for this installation, kept in `HOME/helper-owner`: its helper containers carry it. */
export async function helperOwner(home: string): Promise<string> {
  const path = join(home, "helper-owner");
  const known = (await readIfThere(path))?.trim();
  if (known && /^[0-9a-f-]{36}$/.test(known)) return known;
  const owner = randomUUID();
  await replaceFile(path, owner);
  return owner;
}
