import type { AptRoot } from "./apt-root.ts";
import type { AptStanza } from "./apt-stanzas.ts";
import type { Arch } from "./arch.ts";
import { ImageBuildError } from "./build-error.ts";
import { kernelMetaPackage, rootPackages, suite } from "./recipe.ts";

/** The archive's newest version of every package of the guest, the kernel among them. */
export async function currentGuestPackages(apt: AptRoot, arch: Arch): Promise<AptStanza[]> {
  const meta = (await apt.lookUp([kernelMetaPackage[arch]]))[0];
  const kernelName = /linux-image-[^\s,]+/.exec(meta?.depends ?? "")?.[0];
  if (!kernelName) throw new ImageBuildError(`${suite} names no kernel in ${kernelMetaPackage[arch]}.`);
  return newestOf(apt, [...rootPackages, kernelName]);
}

/** The newest version of each name; a name that the archive does not know is an `ImageBuildError`. */
export async function newestOf(apt: AptRoot, names: readonly string[]): Promise<AptStanza[]> {
  const newest = new Map<string, AptStanza>();
  // `apt-cache show` lists a name's newest version first.
  for (const stanza of await apt.lookUp(names)) if (!newest.has(stanza.name)) newest.set(stanza.name, stanza);
  return names.map((name) => {
    const stanza = newest.get(name);
    if (!stanza) throw new ImageBuildError(`The archive has no package ${name}.`);
    return stanza;
  });
}
