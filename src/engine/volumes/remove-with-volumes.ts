import { toAppError } from "#contract/errors.ts";
import { inspectContainer, removeContainer } from "../docker/containers.ts";
import type { Session } from "../docker/session.ts";
import { findVolume } from "../docker/volumes.ts";
import type { VolumeSpace } from "./space.ts";
import { removeVolume } from "./trash.ts";

/** What became of the volumes of a removed container. */
export interface RemovedVolumes {
  readonly trashed: { name: string; trash: string }[];
  readonly kept: { name: string; why: string }[];
}

async function anonymousVolumes(session: Session, id: string, signal: AbortSignal): Promise<string[]> {
  const { mounts } = await inspectContainer(session, id, signal);
  const names = mounts.flatMap(({ type, name }) => (type === "volume" && name ? [name] : []));
  const volumes = await Promise.all([...new Set(names)].map((name) => findVolume(session, name)));
  return volumes.flatMap((volume) => (volume?.anonymous ? [volume.name] : []));
}

/**
 * Removes a container, and moves its anonymous volumes to the trash where the engine by itself would delete them; those
 * that another container mounts, or that are protected, stay. Errors: as of `removeContainer`, with nothing moved.
 */
export async function removeWithVolumes(
  space: VolumeSpace,
  { id, force, signal }: { id: string; force: boolean; signal: AbortSignal },
): Promise<RemovedVolumes> {
  const session = space.connection.session();
  const names = await anonymousVolumes(session, id, signal);
  await removeContainer(session, { id, force, removeVolumes: false, signal });
  const trashed: RemovedVolumes["trashed"] = [];
  const kept: RemovedVolumes["kept"] = [];
  for (const name of names) {
    try {
      const { trash } = await removeVolume(space, name, { permanently: false });
      if (trash) trashed.push({ name, trash });
    } catch (error) {
      const { code, message } = toAppError(error);
      // The engine itself removes those of a container that was started with --rm.
      if (code !== "not_found") kept.push({ name, why: message });
    }
  }
  return { trashed, kept };
}
