import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildUpdate, build, buildUpdate } from "#contract/builds.ts";
import { replaceFile } from "../settings/file.ts";
import { BuildLog } from "./build-log.ts";

/** With logs of at most some megabytes each. */
const maxKept = 200;

/** `HOME/builds/ID/`: `build.json`, and `log.json` once the build has ended. */
export class BuildHistory {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, "builds");
  }

  /** Builds of earlier runs, the oldest first; what cannot be read is left alone. */
  async load(): Promise<BuildLog[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const ids = await readdir(this.#folder);
    const found = await Promise.all(ids.map((id) => this.#read(id)));
    const builds = found.filter((log) => log !== undefined).sort((a, b) => a.build.startedAt - b.build.startedAt);
    for (const old of builds.splice(0, Math.max(0, builds.length - maxKept))) await this.remove(old.build.id);
    return builds;
  }

  /** Keeps what is known of a build that starts. */
  async begin(log: BuildLog): Promise<void> {
    await mkdir(join(this.#folder, log.build.id), { recursive: true, mode: 0o700 });
    await this.#writeBuild(log);
  }

  /** Keeps the whole of a build that has ended. */
  async finish(log: BuildLog): Promise<void> {
    const path = join(this.#folder, log.build.id, "log.json");
    await writeFile(path, JSON.stringify(log.whole()), { mode: 0o600 });
    await this.#writeBuild(log);
  }

  /** Steps and log of an ended build; without them where they cannot be read. */
  async readLog(log: BuildLog): Promise<BuildUpdate> {
    try {
      const kept = buildUpdate.parse(JSON.parse(await readFile(join(this.#folder, log.build.id, "log.json"), "utf8")));
      return { ...kept, build: log.build };
    } catch {
      return log.whole();
    }
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }

  async #writeBuild(log: BuildLog): Promise<void> {
    await replaceFile(join(this.#folder, log.build.id, "build.json"), JSON.stringify(log.build));
  }

  async #read(id: string): Promise<BuildLog | undefined> {
    try {
      const kept = build.parse(JSON.parse(await readFile(join(this.#folder, id, "build.json"), "utf8")));
      if (kept.id !== id) return undefined;
      const state = kept.state.status === "running" ? ({ status: "interrupted" } as const) : kept.state;
      return new BuildLog({ ...kept, state });
    } catch {
      return undefined;
    }
  }
}
