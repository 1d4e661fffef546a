import type { EngineHttp } from "../docker/http.ts";

/** A container's event, as `GET /events` tells it. */
export interface ContainerEvent {
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Seconds since 1970, by the engine's clock. */
  readonly time: number;
}

/** One connection to the engine, as far as logs need it. */
export interface LogSession {
  readonly http: EngineHttp;
  readonly events: {
    subscribe(listener: {
      readonly types: readonly "container"[];
      readonly onEvent: (event: ContainerEvent) => void;
      /** Events may have been missed. */
      readonly onGap: () => void;
    }): () => void;
  };
  /** Aborts when the connection is lost. */
  readonly signal: AbortSignal;
}

/** Where the connection to the engine is had from. */
export interface LogEngine {
  /** Errors: unavailable while there is none. */
  session(): LogSession;
  /** Waits for a connection; undefined once `signal` aborts. */
  whenConnected(signal: AbortSignal): Promise<LogSession | undefined>;
}
