import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { VolumeSummary } from "#contract";
import { AppError } from "#contract/errors.ts";
import type { EngineConnection } from "../docker/connection.ts";
import type { Helpers } from "../docker/helper.ts";
import type { Session } from "../docker/session.ts";
import type { UnfinishedPurpose } from "../docker/volume-role.ts";
import { createVolume, deleteVolume, findVolume, inspectVolume } from "../docker/volumes.ts";
import type { Log } from "../log.ts";
import type { TaskHub } from "../tasks/hub.ts";
import type { DataMover } from "./data-move.ts";
import type { FactStore } from "./facts.ts";
import type { JournalJob, VolumeJournal } from "./journal.ts";
import type { WarmHelpers } from "./warm-helpers.ts";

/** Everything that the jobs on volumes need; wired once, in `open-volumes.ts`. */
export interface VolumeSpace {
  readonly connection: EngineConnection;
  readonly helpers: Helpers;
  readonly warm: WarmHelpers;
  readonly mover: DataMover;
  readonly facts: FactStore;
  readonly journal: VolumeJournal;
  readonly tasks: TaskHub;
  readonly log: Log;
}

/** The engine's own id, under which its protections and unfinished jobs are remembered. */
export async function engineId(session: Session): Promise<string> {
  const about = { verb: "ask about", kind: "engine" } as const;
  const { ID: id } = await session.http.json({ about, path: "/info" }, z.object({ ID: z.string().default("") }));
  return id;
}

type OwnPurpose = "trash" | UnfinishedPurpose;

/** A name of Longshore's own for a volume. */
export function ownName(purpose: OwnPurpose): string {
  return `longshore-${purpose}-${randomBytes(6).toString("hex")}`;
}

/** Errors: conflict where a volume of this name exists. */
export async function requireFreeName(session: Session, name: string): Promise<void> {
  if (!(await findVolume(session, name))) return;
  throw new AppError("conflict", `There is already a volume "${name}". Choose another name.`, {
    data: { reason: "taken" },
  });
}

/** A new volume of the local driver, with a name of its own. */
export async function createOwn(
  session: Session,
  purpose: OwnPurpose,
  labels: Record<string, string>,
): Promise<VolumeSummary> {
  const name = await createVolume(session, { name: ownName(purpose), driver: "local", options: {}, labels });
  return inspectVolume(session, name);
}

/** Names in a sentence: `web`, `web and db`, `web, db and 3 more`. */
export function named(names: readonly string[]): string {
  const shown = [...new Set(names)];
  if (shown.length <= 1) return shown[0] ?? "";
  if (shown.length <= 3) return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
  return `${shown.slice(0, 2).join(", ")} and ${shown.length - 2} more`;
}

/** Errors: conflict where containers, running or not, mount the volume. */
export function requireUnused({ name, usedBy }: VolumeSummary): void {
  if (usedBy.length === 0) return;
  const users = named(usedBy.map((use) => use.name));
  const message = `${name} is mounted by ${users}. Remove ${usedBy.length === 1 ? "that container" : "those containers"} first.`;
  throw new AppError("conflict", message, { data: { reason: "used" } });
}

/** Ends a failed job whose new volume is of no use; where the engine cannot be asked, the next connection does it. */
export async function abandon(session: Session, fresh: VolumeSummary, job: JournalJob): Promise<void> {
  if (!job.isOpen()) return;
  try {
    await deleteVolume(session, fresh.name);
    await job.end();
  } catch {
    job.giveUp();
  }
}
