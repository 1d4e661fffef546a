import { dirname } from "node:path/posix";
import type { VolumeSummary } from "#contract";
import { AppError } from "#contract/errors.ts";
import { type Helpers, outputOf } from "../docker/helper.ts";
import { quote, type ShellAnswer, sh } from "../docker/shell.ts";

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

/** Statuses of the copying script of `replace`: what the volume holds after it. */
const nothingChanged = 81;
const putBack = 83;

/** A name that no volume holds by chance. */
const mark = ".longshore-old-is-saved";

/** The copying swap failed, and the volume holds what it held. */
function unchanged(name: string, { stderr }: ShellAnswer): AppError {
  const isFull = /No space left/.test(stderr);
  const why = isFull ? "there is not enough space for it" : stderr.split("\n")[0] || "it could not be copied";
  return new AppError("unavailable", `The data of ${name} was not replaced: ${why}. It holds what it held before.`, {
    data: { swap: "before" },
  });
}

const copyScript = "cp -a /from/. /to/ && sync";

interface Move {
  readonly from: VolumeSummary;
  readonly to: VolumeSummary;
}

/** Three volumes of a swap: `target` gets what `fresh` holds, and `old` what `target` held. */
export interface Swap {
  readonly target: VolumeSummary;
  readonly fresh: VolumeSummary;
  readonly old: VolumeSummary;
}

/** Where the data of a swap is; `unknown` where that cannot be told. */
export type SwapState = "before" | "between" | "after" | "unknown";

/** Where the engine keeps all of these, if in one folder of its own. */
function commonStore(...volumes: readonly VolumeSummary[]): string | undefined {
  const [root, ...others] = volumes.map(storeOf);
  return others.every((other) => other === root) ? root : undefined;
}

/** Brings data from one volume to another, by a rename where both lie in the engine's own folder, else by a copy. */
export class DataMover {
  readonly #helpers: Helpers;

  constructor(helpers: Helpers) {
    this.#helpers = helpers;
  }

  /** All of `from` goes to `to`, which is empty; a copy leaves `from` as it was. After a crash it can be called again. */
  async move({ from, to }: Move): Promise<void> {
    const root = commonStore(from, to);
    if (root !== undefined) await this.#inStore(root, moveScript(from, to), from.name);
    else await this.#between(from, to, { script: copyScript });
  }

  /** Undoes a `move` of which it is not known how far it came. A copy needs no undoing: its source is whole. */
  async moveBack({ from, to }: Move): Promise<void> {
    const root = commonStore(from, to);
    if (root === undefined) return;
    await this.#inStore(root, `[ -e ${dataOf(from)} ] || mv ${dataOf(to)} ${dataOf(from)}`, from.name);
  }

  /** Gives the root of an empty volume the owner and mode of another one's. */
  async likeRoot(like: VolumeSummary, empty: VolumeSummary): Promise<void> {
    const script = "chmod $(stat -c %a /from) /to && chown $(stat -c %u:%g /from) /to";
    await this.#between(like, empty, { script });
  }

  /**
   * The two renames are one script, which runs to its end even if Longshore dies meanwhile; run again it does what is
   * left to do. Errors: unavailable; with `data.swap` where it is known what became of the data.
   */
  async replace({ target, fresh, old }: Swap): Promise<void> {
    const root = commonStore(target, fresh, old);
    if (root !== undefined) {
      const both = `if [ -d ${dataOf(fresh)} ]; then ${moveScript(target, old)} && mv ${dataOf(fresh)} ${dataOf(target)}; fi`;
      await this.#inStore(root, both, target.name);
      return;
    }
    // The mark says that the old data was saved whole: a second run must not copy the half-new over it. It lies in the
    // volume that is deleted at the end.
    const save = `[ -e /to/${mark} ] || { cp -a /from/. /old/ && touch /to/${mark} && sync; } || exit ${nothingChanged}`;
    const clear = "find /from -mindepth 1 -maxdepth 1 -exec rm -rf '{}' +";
    const place = `${clear} && cp -a /to/. /from/ && rm -f /from/${mark} && sync`;
    const back = `{ ${clear}; cp -a /old/. /from/ && sync && exit ${putBack}; exit 1; }`;
    // In a subshell, because it exits in the middle.
    await this.#between(target, fresh, { script: `( ${save}; ${place} || ${back} )`, old });
  }

  /** How far a swap by renames came. */
  async swapState({ target, fresh, old }: Swap): Promise<SwapState> {
    const root = commonStore(target, fresh, old);
    if (root === undefined) return "unknown";
    const answer = await this.#helpers.once(
      { mounts: [{ kind: "bind", source: root, target: store, readOnly: true }] },
      Buffer.from(`[ -d ${dataOf(target)} ] && echo target; [ -d ${dataOf(fresh)} ] && echo fresh; true`),
    );
    const there = answer.stdout.toString("latin1").split("\n");
    if (answer.status !== 0) return "unknown";
    if (!there.includes("target")) return there.includes("fresh") ? "between" : "unknown";
    return there.includes("fresh") ? "before" : "after";
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
    if (old && (answer.status === nothingChanged || answer.status === putBack)) throw unchanged(from.name, answer);
    outputOf(answer, `The data of ${from.name} could not be copied`);
  }
}
