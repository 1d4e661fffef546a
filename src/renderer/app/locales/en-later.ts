import { builds } from "./en/builds.ts";
import { files } from "./en/files.ts";
import { images } from "./en/images.ts";
import { logs } from "./en/logs.ts";
import { machine } from "./en/machine.ts";
import { networks } from "./en/networks.ts";
import { past } from "./en/past.ts";
import { registries } from "./en/registries.ts";
import { volumes } from "./en/volumes.ts";

/** What the other screens say; it comes with the first of them, or once the page has time. */
export const later = { builds, files, images, logs, machine, networks, past, registries, volumes } as const;
