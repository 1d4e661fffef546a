import { dirname } from "node:path/posix";
import type { VolumeSummary } from "#contract";
import { type Helpers, outputOf } from "../docker/helper.ts";
import { quote, sh } from "../docker/shell.ts";

const moveDeadlineMs = 24 * 3_600_000;

/** Mount point of the engine's folder of volumes in the helper. */
const store = "/volumes";

/**
 * The engine's own folder that holds a volume, where its data can be moved by a rename: volumes of the local driver
 * without options lie as `ROOT/NAME/_data`. Undefined for all others, whose data lies who knows where.
 */
export function storeOf({ driver, options, mountpoint, name }: VolumeSummary): string | undefined {
  if (driver !== "local" || Object.keys(options).length > 0) return undefined;
  if (!mountpoint.endsWith(`/${name}/_data`)) return undefined;
  return dirname(dirname(mountpoint));
}

/** True for local volumes that only name a place (nfs, cifs, bind): removing one leaves the data where it is. */
export function isReference({ driver, options }: VolumeSummary): boolean {
  return driver === "local" && Object.keys(options).length > 0;
}

function dataOf(volume: VolumeSummary): string {
  return quote(`${store}/${volume.name}/_data`).toString();
}

/** Moves the data of one volume to another, empty one: at once, whatever its size. A second run finds nothing to do. */
function moveScript(from: VolumeSummary, to: VolumeSummary): string {
  const [source, target] = [dataOf(from), dataOf(to)];
  // An existing folder would swallow the other one instead of giving way to it; rmdir takes an empty one alone.
  const script = `if [ -d ${source} ]; then { [ ! -e ${target} ] || rmdir ${target}; } && mv ${source} ${target}; fi`;
  return script;
}

function emptyScript(volume: VolumeSummary, trash: VolumeSummary): string {
  const data = dataOf(volume);
  const fresh = quote(`${store}/${volume.name}/_fresh`).toString();
  const like = `mkdir -p ${fresh} && chmod $(stat -c %a ${data}) ${fresh} && chown $(stat -c %u:%g ${data}) ${fresh}`;
  const move = moveScript(volume, trash);
  return `${like} && ${move} && mv ${fresh} ${data}`;
}

const copyScript = "cp -a /from/. /to/ && sync";

interface Move {
  readonly from: VolumeSummary;
  readonly to: VolumeSummary;
}

/** Brings data from one volume to another, by a rename where both lie in the engine's own folder, else by a copy. */
export class DataMover {
  readonly #helpers: Helpers;

  constructor(helpers: Helpers) {
    this.#helpers = helpers;
  }

  /** All of `from` goes to `to`, which is empty. After a crash it can be called again. */
  async move({ from, to }: Move): Promise<void> {
    const root = storeOf(from);
    if (root !== undefined && root === storeOf(to)) await this.#inStore(root, moveScript(from, to), from.name);
    else await this.#between(from, to, { script: copyScript });
  }

  /** As `move`, but `from` stays as an empty volume. */
  async moveOut({ from, to }: Move): Promise<void> {
    const root = storeOf(from);
    if (root !== undefined && root === storeOf(to)) {
      await this.#inStore(root, emptyScript(from, to), from.name);
      return;
    }
    const clear = "find /from -mindepth 1 -maxdepth 1 -exec rm -rf '{}' +";
    await this.#between(from, to, { script: `${copyScript} && ${clear}` });
  }

  /**
   * `target` gets what `fresh` holds, and `old` what `target` held. The two renames are one script, which runs to its
   * end even if Longshore dies meanwhile; run again it does what is left to do.
   */
  async replace(target: VolumeSummary, { fresh, old }: { fresh: VolumeSummary; old: VolumeSummary }): Promise<void> {
    const root = storeOf(target);
    if (root !== undefined && root === storeOf(fresh) && root === storeOf(old)) {
      const both = `if [ -d ${dataOf(fresh)} ]; then ${moveScript(target, old)} && mv ${dataOf(fresh)} ${dataOf(target)}; fi`;
      await this.#inStore(root, both, target.name);
      return;
    }
    // The copy of the old data carries a mark once it is whole: a second run must not copy the half-new over it.
    const save =
      "[ -e /old/.longshore-saved ] || { cp -a /from/. /old/ && sync && touch /old/.longshore-saved && sync; }";
    const clear = "find /from -mindepth 1 -maxdepth 1 -exec rm -rf '{}' +";
    const script = `${save} && ${clear} && cp -a /to/. /from/ && sync && rm -f /old/.longshore-saved`;
    await this.#between(target, fresh, { script, old });
  }

  /** Whether the data folder of a volume in the engine's store is there; undefined where that cannot be told. */
  async hasData(volume: VolumeSummary): Promise<boolean | undefined> {
    const root = storeOf(volume);
    if (root === undefined) return undefined;
    const answer = await this.#helpers.once(
      { mounts: [{ kind: "bind", source: root, target: store, readOnly: true }] },
      sh`[ -d ${`${store}/${volume.name}/_data`} ]`,
    );
    return answer.status === 0;
  }

  async #inStore(root: string, script: string, name: string): Promise<void> {
    const mounts = [{ kind: "bind", source: root, target: store, readOnly: false }] as const;
    const answer = await this.#helpers.once({ mounts }, Buffer.from(script), { deadlineMs: moveDeadlineMs });
    outputOf(answer, `The data of ${name} could not be moved`);
  }

  async #between(
    from: VolumeSummary,
    to: VolumeSummary,
    { script, old }: { script: string; old?: VolumeSummary },
  ): Promise<void> {
    const mount = (volume: VolumeSummary, target: string) =>
      ({ kind: "volume", source: volume.name, target, readOnly: false }) as const;
    const mounts = [mount(from, "/from"), mount(to, "/to"), ...(old ? [mount(old, "/old")] : [])];
    const answer = await this.#helpers.once({ mounts }, Buffer.from(script), { deadlineMs: moveDeadlineMs });
    outputOf(answer, `The data of ${from.name} could not be copied`);
  }
}
