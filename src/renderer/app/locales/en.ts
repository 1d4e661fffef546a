import { builds } from "./en/builds.ts";
import { common } from "./en/common.ts";
import { containers } from "./en/containers.ts";
import { files } from "./en/files.ts";
import { images } from "./en/images.ts";
import { logs } from "./en/logs.ts";
import { machine } from "./en/machine.ts";
import { networks } from "./en/networks.ts";
import { registries } from "./en/registries.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";
import { tasks } from "./en/tasks.ts";
import { volumes } from "./en/volumes.ts";

/** English, one file an area. Every text of the screen stands here. */
export const en = {
  builds,
  common,
  containers,
  files,
  images,
  logs,
  machine,
  networks,
  registries,
  settings,
  shell,
  tasks,
  volumes,
} as const;
