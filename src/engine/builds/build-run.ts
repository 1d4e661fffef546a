import type { BuildStep } from "#contract/builds.ts";
import type { About } from "../docker/errors.ts";
import type { Session } from "../docker/session.ts";
import type { TaskHandle } from "../tasks/running-task.ts";
import type { BuildLog } from "./build-log.ts";
import type { BuildContext } from "./context.ts";

export interface BuildOutcome {
  readonly imageId: string;
}

interface RunParts {
  readonly session: Session;
  readonly task: TaskHandle;
  readonly log: BuildLog;
  readonly context: BuildContext;
  /** The parameters of `POST /build` that both builders take. */
  readonly query: Readonly<Record<string, string | number | boolean | object | undefined>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** One build that goes on now, as both builders see it. */
export class BuildRun {
  readonly session: Session;
  readonly task: TaskHandle;
  readonly log: BuildLog;
  readonly context: BuildContext;
  readonly query: RunParts["query"];
  readonly headers: RunParts["headers"];
  readonly about: About = { verb: "build", kind: "image" };
  /** Name of BuildKit's step that failed. */
  failed: string | undefined;
  /** Number of the classic builder's last step. */
  stepNumber: number | undefined;

  constructor({ session, task, log, context, query, headers }: RunParts) {
    this.session = session;
    this.task = task;
    this.log = log;
    this.context = context;
    this.query = query;
    this.headers = headers;
  }

  /** Shows a step in the build's tree and in the task, and counts it. */
  showStep(id: string, change: Partial<Omit<BuildStep, "id">>): void {
    const step = this.log.step(id, change);
    const { steps } = this.log.whole();
    const counted = steps.filter(({ name }) => !name.startsWith("[internal]"));
    this.log.change({
      totalSteps: counted.length,
      cachedSteps: counted.filter(({ state }) => state === "cached").length,
    });
    const states = { waiting: "waiting", running: "active", done: "done", cached: "cached", failed: "failed" } as const;
    const state = step.state === "cancelled" ? "failed" : states[step.state];
    this.task.item(id, { label: step.name, state, activity: "" });
    if (step.state === "running") this.task.report({ activity: step.name });
  }
}
