import { toAppError } from "#contract/errors.ts";
import { Bell } from "../bell.ts";
import type { EngineConnection } from "../docker/connection.ts";
import { Helpers } from "../docker/helper.ts";
import { deleteVolume } from "../docker/volumes.ts";
import type { Log } from "../log.ts";
import type { SettingsStore } from "../settings/store.ts";
import type { TaskHub } from "../tasks/hub.ts";
import { DataMover } from "./data-move.ts";
import { unpause } from "./export.ts";
import { FactStore } from "./facts.ts";
import { helperOwner } from "./helper-owner.ts";
import { type JournalEntry, VolumeJournal } from "./journal.ts";
import { engineId, type VolumeSpace } from "./space.ts";
import { placeNew, recoverReplace } from "./swap.ts";
import { expireTrash, recoverRestore, recoverTrash } from "./trash.ts";
import { WarmHelpers } from "./warm-helpers.ts";

const expireEveryMs = 3_600_000;
const firstRetryMs = 500;
const lastRetryMs = 60_000;

export interface VolumesOptions {
  readonly home: string;
  readonly connection: EngineConnection;
  readonly tasks: TaskHub;
  readonly settings: SettingsStore;
  readonly log: Log;
}

/** The space, and the way to end it without leaving anything on the engine. */
export interface OpenVolumes {
  readonly space: VolumeSpace;
  close(): Promise<void>;
}

async function recover(space: VolumeSpace, entry: JournalEntry): Promise<void> {
  switch (entry.kind) {
    case "trash":
      await recoverTrash(space, entry);
      break;
    case "restore":
      await recoverRestore(space, entry);
      break;
    case "fill":
      await deleteVolume(space.connection.session(), entry.fresh).catch((error: unknown) => {
        if (toAppError(error).code !== "not_found") throw error;
      });
      break;
    case "place":
      await placeNew(space, entry);
      break;
    case "replace":
      await recoverReplace(space, entry);
      break;
    case "paused":
      await unpause(space.connection.session(), entry.containers);
      break;
  }
  await space.journal.remove(entry.id);
}

/** Finishes what was begun on this engine and cut off; what fails is tried again at the next connection. */
async function recoverAll(space: VolumeSpace, left: readonly JournalEntry[]): Promise<void> {
  for (const entry of left) {
    try {
      await recover(space, entry);
      space.log.info("finished a job on a volume that was cut off", { kind: entry.kind });
    } catch (error) {
      space.log.warn("a job on a volume that was cut off could not be finished", {
        kind: entry.kind,
        error: toAppError(error).message,
      });
    }
  }
}

/** The engine may still be busy with what the dead process asked for; a container of it then holds a volume. */
async function recoverPatiently(space: VolumeSpace, engine: string, signal: AbortSignal): Promise<void> {
  for (let afterMs = firstRetryMs; !signal.aborted; afterMs *= 2) {
    await recoverAll(space, space.journal.leftOn(engine));
    if (space.journal.leftOn(engine).length === 0 || afterMs > lastRetryMs) return;
    await new Bell().wait(signal, afterMs);
    if (!signal.aborted) await space.helpers.sweep(space.connection.session());
  }
}

/** At each connection: whose facts these are, what was left unfinished, and what is too old for the trash. */
async function settle(space: VolumeSpace, settings: SettingsStore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const session = await space.connection.whenConnected(signal);
    if (!session) return;
    const both = AbortSignal.any([signal, session.signal]);
    try {
      const engine = await engineId(session);
      space.facts.turnTo(engine);
      await recoverPatiently(space, engine, both);
      await expireTrash(space, settings.snapshot.settings.trashDays);
    } catch (error) {
      space.log.warn("the volumes were not looked after", { error: toAppError(error).message });
    }
    await new Bell().wait(both, expireEveryMs);
  }
}

/** Wires everything that jobs on volumes need. */
export async function openVolumes(options: VolumesOptions): Promise<OpenVolumes> {
  const { home, connection, tasks, settings, log } = options;
  const facts = await FactStore.open(home);
  const journal = await VolumeJournal.open(home);
  const helpers = new Helpers(connection, { owner: await helperOwner(home), log });
  const warm = new WarmHelpers(connection, helpers, (volume) => facts.isProtected(volume));
  const space: VolumeSpace = { connection, helpers, warm, mover: new DataMover(helpers), facts, journal, tasks, log };
  const closed = new AbortController();
  const settling = settle(space, settings, closed.signal);
  return {
    space,
    async close() {
      closed.abort();
      await settling;
      await warm.close();
      await helpers.close();
    },
  };
}
