import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ImageBuildError } from "./build-error.ts";

/** Programs that a build runs, and the Debian or Ubuntu package of each. */
const tools: Record<string, string> = {
  "apt-get": "apt",
  "apt-cache": "apt",
  "dpkg-deb": "dpkg",
  gpgv: "gpgv",
  "mkfs.erofs": "erofs-utils",
  xz: "xz-utils",
  zstd: "zstd",
};

const shippingTools: Record<string, string> = { tar: "tar" };

/** Fails once, before anything is fetched, with the names of all packages that are missing. */
export async function checkHostTools(shipping: boolean): Promise<void> {
  const needed = { ...tools, ...(shipping ? shippingTools : {}) };
  const missing: string[] = [];
  for (const [program, packageName] of Object.entries(needed)) {
    if (!(await isOnPath(program))) missing.push(packageName);
  }
  if (missing.length === 0) return;
  const names = [...new Set(missing)].toSorted().join(" ");
  throw new ImageBuildError(
    `Building the virtual machine's image needs programs that this host lacks. On Debian or Ubuntu: sudo apt-get install ${names}`,
  );
}

/** System folders count too: an ordinary user's path often lacks sbin. */
async function isOnPath(program: string): Promise<boolean> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  for (const folder of folders) {
    if (
      await access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}
