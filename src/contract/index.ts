import { app } from "./app.ts";
import { builds } from "./builds.ts";
import { containers } from "./containers.ts";
import { engine } from "./engine-state.ts";
import { files } from "./files.ts";
import { hostFiles } from "./host-files.ts";
import { images } from "./images.ts";
import { logs } from "./logs.ts";
import { machine } from "./machine.ts";
import { networks } from "./networks.ts";
import { registries } from "./registries.ts";
import type { Client, Handlers } from "./rpc/procedure.ts";
import { settings } from "./settings.ts";
import { tasks } from "./tasks.ts";
import { volumes } from "./volumes.ts";

/** Everything that the screen knows or does passes through these procedures. */
export const contract = {
  app,
  builds,
  containers,
  engine,
  files,
  hostFiles,
  images,
  logs,
  machine,
  networks,
  registries,
  settings,
  tasks,
  volumes,
} as const;

export type LongshoreContract = typeof contract;
export type LongshoreClient = Client<LongshoreContract>;
export type LongshoreHandlers = Handlers<LongshoreContract>;

export * from "./app.ts";
export * from "./builds.ts";
export * from "./container-list.ts";
export * from "./containers.ts";
export * from "./engine-state.ts";
export * from "./errors.ts";
export * from "./files.ts";
export * from "./host-files.ts";
export * from "./image-reference.ts";
export * from "./images.ts";

export * from "./lists.ts";
export * from "./log-filter.ts";
export * from "./log-view.ts";
export * from "./logs.ts";
export * from "./machine.ts";
export * from "./networks.ts";
export * from "./registries.ts";
export { createClient } from "./rpc/client.ts";
export { decodeMessage, encodeMessage } from "./rpc/codec.ts";
export type { Port } from "./rpc/port.ts";
export type { RequestOptions } from "./rpc/procedure.ts";
export { serve } from "./rpc/server.ts";
export * from "./settings.ts";
export * from "./tasks.ts";
export * from "./volumes.ts";
export * from "./wire-error.ts";
