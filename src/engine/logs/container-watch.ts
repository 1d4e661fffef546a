import type { LogMark } from "#contract/log-view.ts";
import type { Bell } from "../bell.ts";
import type { ContainerEvent, LogSession } from "./engine-port.ts";

/** A divider that an event asks for, with its time. */
export interface TimedMark {
  readonly mark: LogMark;
  readonly seconds: number;
}

/** Collects what happens to one container while its log is read; rings at each event. */
export class ContainerWatch {
  /** Started or removed since the last `take`. */
  changed = false;
  #id: string | undefined;
  /** What happened to any container before it was known which one is watched. */
  #early: ContainerEvent[] = [];
  readonly #bell: Bell;
  readonly #session: LogSession;
  readonly #unsubscribe: () => void;
  #marks: TimedMark[] = [];

  constructor(session: LogSession, bell: Bell) {
    this.#bell = bell;
    this.#session = session;
    this.#unsubscribe = session.events.subscribe({
      types: ["container"],
      onEvent: (event) => this.#onEvent(event),
      onGap: () => this.#onChange(),
    });
    session.signal.addEventListener("abort", this.#onChange);
  }

  /** Tells the full id, which may have been asked for only after the watch had begun, so that nothing is missed. */
  follow(id: string): void {
    this.#id = id;
    for (const event of this.#early.splice(0)) this.#onEvent(event);
  }

  take(): TimedMark[] {
    return this.#marks.splice(0);
  }

  close(): void {
    this.#unsubscribe();
    this.#session.signal.removeEventListener("abort", this.#onChange);
  }

  readonly #onChange = (): void => {
    this.changed = true;
    this.#bell.ring();
  };

  #onEvent(event: ContainerEvent): void {
    if (this.#id === undefined) this.#early.push(event);
    if (event.id !== this.#id) return;
    const { action, time } = event;
    const [name = "", detail = ""] = action.split(": ");
    if (name === "oom") this.#marks.push({ mark: { kind: "oom" }, seconds: time });
    else if (name === "health_status") {
      this.#marks.push({ mark: { kind: "health", status: detail }, seconds: time });
    } else if (name !== "start" && name !== "destroy") return;
    if (name === "start" || name === "destroy") this.changed = true;
    this.#bell.ring();
  }
}
