// Sets Electron's fuses: switches in its binary that no command line and no environment can turn back.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from "@electron/fuses";

/** One entry for each fuse that there is. */
export const fuses = {
  // The app is no Node: neither these variables nor these switches may run code in it or look into it.
  RunAsNode: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  // Only the archive that was packed is run, and its hash is checked where the system offers that.
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  EnableCookieEncryption: true,
  // One snapshot serves all processes.
  LoadBrowserProcessSpecificV8Snapshot: false,
  // Screens come by a scheme of their own, so `file:` needs no privileges.
  GrantFileProtocolExtraPrivileges: false,
  // WebAssembly's bounds checks by the processor; the log search needs their speed.
  WasmTrapHandlers: true,
};

function binaryOf({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  if (electronPlatformName === "darwin") return `${appOutDir}/${productFilename}.app`;
  if (electronPlatformName === "win32") return `${appOutDir}/${productFilename}.exe`;
  return `${appOutDir}/${packager.executableName}`;
}

/** Hook of electron-builder. A fuse that this Electron lacks is left out; one that is not named here is an error. */
export async function afterPack(context) {
  const binary = binaryOf(context);
  const present = await getCurrentFuseWire(binary);
  const settings = Object.entries(fuses)
    .map(([name, value]) => [FuseV1Options[name], value])
    .filter(([fuse]) => present[fuse] !== undefined);
  await flipFuses(binary, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Changing the binary ends its signature; on macOS it must be signed anew, if only ad hoc.
    resetAdHocDarwinSignature: context.electronPlatformName === "darwin",
    ...Object.fromEntries(settings),
  });
  // Electron's own sample app; the packer leaves it there when Electron comes from a folder.
  rmSync(join(context.packager.getResourcesDir(context.appOutDir), "default_app.asar"), { force: true });
}
