import type { VolumeSummary } from "#contract";
import type { Session } from "../docker/session.ts";
import { trashLabels } from "../docker/volume-role.ts";
import { isReference } from "./data-move.ts";
import { createOwn } from "./space.ts";

/** A new trash volume that remembers `volume`. */
export function createTrash(
  session: Session,
  volume: VolumeSummary,
  why: "removed" | "replaced" | "emptied",
): Promise<VolumeSummary> {
  const { name, driver, labels, options } = volume;
  const form = why === "removed" && isReference(volume) ? "reference" : "data";
  return createOwn(session, "trash", trashLabels({ name, driver, labels, options, removedAt: Date.now(), why, form }));
}
