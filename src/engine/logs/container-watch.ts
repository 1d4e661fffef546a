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
  readonly #id: string;
  readonly #bell: Bell;
  readonly #session: LogSession;
  readonly #unsubscribe: () => void;
  #marks: TimedMark[] = [];

  /** `id` is the full id. */
  constructor(session: LogSession, id: string, bell: Bell) {
    this.#id = id;
    this.#bell = bell;
    this.#session = session;
    this.#unsubscribe = session.events.subscribe({
      types: ["container"],
      onEvent: (event) => this.#onEvent(event),
      onGap: () => this.#onChange(),
    });
    session.signal.addEventListener("abort", this.#onChange);
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

  #onEvent({ id, action, time }: ContainerEvent): void {
    if (id !== this.#id) return;
    const [name = "", detail = ""] = action.split(": ");
    if (name === "oom") this.#marks.push({ mark: { kind: "oom" }, seconds: time });
    else if (name === "health_status") {
      this.#marks.push({ mark: { kind: "health", status: detail }, seconds: time });
    } else if (name !== "start" && name !== "destroy") return;
    if (name === "start" || name === "destroy") this.changed = true;
    this.#bell.ring();
  }
}
