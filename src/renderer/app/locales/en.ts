import { common } from "./en/common.ts";
import { containers } from "./en/containers.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";
import { tasks } from "./en/tasks.ts";
import type { later } from "./en-later.ts";

/** English, one file an area: what the first screen and the shell around it say. The rest is in `en-later.ts`. */
export const first = { common, containers, settings, shell, tasks } as const;

/** Every text of the screen. */
export type Texts = typeof first & typeof later;
