import type { Inventory } from "#contract/machine.ts";
import type { GuestCommands } from "../guest/guest-commands.ts";

/** How what is on the disk differs from what was there at its last orderly stop; empty where it does not. */
export async function differenceSinceStop(
  commands: Pick<GuestCommands, "inventory" | "lastInventory">,
): Promise<string> {
  const before = await commands.lastInventory();
  return before === undefined ? "" : inventoryDifference(before, await commands.inventory());
}

/** What of the first inventory is not in the second, or the other way round; empty where they are the same. */
export function inventoryDifference(before: Inventory, after: Inventory): string {
  const kinds = ["containers", "images", "volumes"] as const;
  const parts = kinds.flatMap((kind) => {
    const gone = before[kind].filter((id) => !after[kind].includes(id));
    const more = after[kind].filter((id) => !before[kind].includes(id));
    return [
      ...(gone.length > 0 ? [`${gone.length} ${kind} missing (${gone.slice(0, 3).join(", ")})`] : []),
      ...(more.length > 0 ? [`${more.length} ${kind} more (${more.slice(0, 3).join(", ")})`] : []),
    ];
  });
  return parts.join("; ");
}
