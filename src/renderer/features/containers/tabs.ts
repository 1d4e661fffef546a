import type { ComponentType } from "react";
import type { ContainerDetails, EngineState } from "#contract";

/** What a tab may ask before it is offered. */
export interface TabContext {
  readonly engine: EngineState;
  readonly details: ContainerDetails | undefined;
}

/** One tab of a container's page. Its label is `containers:tab.<id>`; its component reads the id from the route. */
export interface ContainerTab {
  readonly id: "overview" | "logs" | "inspect";
  readonly component: ComponentType;
  /** `true`: shown; `false`: not offered by this engine; a text: shown greyed, with this reason. */
  readonly available?: (context: TabContext) => boolean | string;
}
