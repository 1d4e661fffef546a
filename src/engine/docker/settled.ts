import type { Session } from "./session.ts";

/** Short: one container that hangs in its start must not delay what is shown of the others. */
const patienceMs = 300;
/** The engine answers them one by one in less than a millisecond; more would only crowd the others out. */
const atOnce = 8;

/**
 * dockerd tells of a `die` or `pause` before its list does: it holds the container's lock while it still tears down
 * mounts and networks, and the list shows the old state until then. An inspect takes that lock, so once it is answered
 * the list is right. Gives the ids whose lock was not free in time; their state must be looked at again.
 */
export async function waitUntilSettled(
  session: Session,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const waiting = [...ids];
  const busy: string[] = [];
  async function work(): Promise<void> {
    for (let id = waiting.pop(); id !== undefined && !signal.aborted; id = waiting.pop()) {
      if (!(await isSettled(session, id, signal))) busy.push(id);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, work));
  return busy;
}

async function isSettled(session: Session, id: string, signal: AbortSignal): Promise<boolean> {
  const about = { verb: "inspect", kind: "container", name: id } as const;
  const path = `/containers/${encodeURIComponent(id)}/json`;
  const late = AbortSignal.timeout(patienceMs);
  const request = { about, path, signal: AbortSignal.any([signal, late]) };
  // One that is gone is settled as well, and for all that is wrong with the engine the list itself will speak.
  await session.http.send(request).catch(() => {});
  return !late.aborted;
}
