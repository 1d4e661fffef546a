import { join } from "node:path";
import type { MachineState } from "#contract";
import { toAppError } from "#contract/errors.ts";
import type { LateMachine } from "./late-machine.ts";
import type { Log } from "./log.ts";
import { resourceFolders, sourceFolder } from "./resources.ts";
import { buildFromSource, qemuFromSource } from "./vm/build-from-source.ts";
import { createMachine, type Machine } from "./vm/create-machine.ts";
import { machineSource } from "./vm/machine-source.ts";
import { imageProvider } from "./vm/provide-image.ts";

interface Options {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  /** Told once the machine is open, or cannot be. */
  readonly late: LateMachine;
}

/** The embedded engine as a part of the app: it opens in the background, so that the first paint waits for nothing. */
export class EmbeddedEngine {
  /** Rejects, with the reason, where the machine of this home cannot be driven. */
  readonly opened: Promise<Machine>;
  readonly #log: Log;
  readonly #late: LateMachine;
  #wanted = false;
  #closed = false;

  constructor(options: Options) {
    this.#log = options.log;
    this.#late = options.late;
    this.opened = openMachine(options);
    this.opened.then(
      (machine) => this.#late.become(machineSource(machine)),
      (error: unknown) => this.#onFailed(error),
    );
  }

  /** Tells which engine is chosen now. Choosing the machine starts it; choosing another leaves it as it is. */
  chosen(choice: string): void {
    const wanted = choice === "vm";
    const isNew = wanted && !this.#wanted;
    this.#wanted = wanted;
    if (isNew) this.#start();
  }

  /** Ends the app's part; what becomes of a running machine is a setting of it. */
  async close(): Promise<void> {
    this.#closed = true;
    const machine = await this.opened.catch(() => undefined);
    if (!machine) return;
    const { settings } = await machine.view();
    await machine.close(endOf(machine.state, settings.onQuit));
  }

  #start(): void {
    this.opened
      .then((machine) => (this.#closed ? undefined : machine.start()))
      // The machine's state tells why.
      .catch((error: unknown) => this.#log.warn("the machine did not start", { why: toAppError(error).message }));
  }

  #onFailed(error: unknown): void {
    const why = toAppError(error).message;
    this.#log.warn("the machine cannot be used", { why });
    this.#late.become({
      host: () => undefined,
      explain: () => ({ why, hints: ["Choose another engine in Settings."] }),
      subscribe: () => () => undefined,
    });
  }
}

function openMachine({ home, env, log }: Options): Promise<Machine> {
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  const { images, qemu } = resourceFolders(arch);
  const source = sourceFolder();
  const canBuild = source !== undefined && process.platform === "linux";
  const provider = imageProvider({
    arch,
    resources: images,
    ...(canBuild ? { build: buildFromSource(source, arch) } : {}),
  });
  const hypervisor = canBuild
    ? { provideHypervisor: qemuFromSource(source, { bundles: qemu, privateDir: join(home, "qemu"), arch }) }
    : {};
  const wslArchives = images.map((folder) => join(folder, `longshore-wsl-${arch}.tar.zst`));
  return createMachine({ home, env, log, images: provider, qemuBundles: qemu, wslArchives, ...hypervisor });
}

/** A start that is under way is ended: nobody could tell the next app how far it got. */
function endOf(state: MachineState, onQuit: "suspend" | "stop" | "leave"): "suspend" | "stop" | "leave" {
  if (state.status === "running") return onQuit;
  return state.status === "starting" || state.status === "resuming" ? "stop" : "leave";
}
