import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MachineContext } from "./context.ts";
import type { DriverName, GuestShare, GuestSpec } from "./driver.ts";
import { writeConfigDisk } from "./guest/config-disk.ts";
import type { GuestImage } from "./image-store.ts";
import { proxyValues } from "./network/proxy.ts";
import type { RunLogs } from "./run-logs.ts";

interface SpecParts {
  readonly shrinkToBytes?: number;
  readonly image: GuestImage;
  readonly diskId: string;
  readonly logs: RunLogs;
  readonly resumeFrom?: string;
  /** Who runs the guest: it decides how folders are shared and how large a frame may be. */
  readonly driver: DriverName;
}

/** What the hypervisor is told for the present settings; writes the configuration disk on the way. */
export async function guestSpec(context: MachineContext, parts: SpecParts): Promise<GuestSpec> {
  const { record, paths, env, disks } = context;
  const { settings, name, checkDisk, newDisk, diskId } = record.current;
  const keys = await context.keys();
  const config = join(paths.machine, "config.raw");
  // A folder that is gone, perhaps on a drive that is not plugged in, must not keep the machine from starting.
  const present = settings.sharedFolders.filter(({ path }) => existsSync(path));
  const gone = settings.sharedFolders.filter((folder) => !present.includes(folder)).map(({ path }) => path);
  if (gone.length > 0) context.log.warn("shared folders are missing on this computer and left out", { gone });
  const shares = sharesOf(present);
  // A resumed guest has read its configuration long ago, and its disk must be the same bytes as then.
  if (parts.resumeFrom === undefined) {
    await writeConfigDisk(config, {
      settings,
      proxy: proxyValues(settings.proxy, env),
      shares: shares.map((share) => ({ ...share, kind: shareKindOf(parts.driver) })),
      frameBytes: frameBytesOf(parts.driver),
      authorizedKey: keys.authorizedKey,
      dropbearHostKey: keys.dropbearHostKey,
      epoch: Date.now() / 1000,
      checkDisk: checkDisk === true,
      newDisk: newDisk === true && parts.diskId === diskId,
      ...(parts.shrinkToBytes === undefined ? {} : { shrinkToBytes: parts.shrinkToBytes }),
    });
  }
  const { image } = parts;
  return {
    name,
    cpus: settings.cpus,
    memoryBytes: settings.memoryBytes,
    kernel: image.kernel,
    initrd: image.initrd,
    root: image.root,
    data: disks.pathOf(parts.diskId),
    config,
    kernelCommandLine: image.kernelCommandLine,
    consoleLog: parts.logs.console,
    hypervisorLog: parts.logs.hypervisor,
    runDir: paths.run,
    shares,
    ssh: { clientKey: keys.clientKey, hostKey: keys.hostKey },
    ...(parts.resumeFrom === undefined ? {} : { resumeFrom: parts.resumeFrom }),
  };
}

function sharesOf(folders: readonly { path: string; readOnly: boolean }[]): GuestShare[] {
  return folders.map(({ path, readOnly }, index) => ({ tag: `share${index}`, path, readOnly }));
}

/** Apple's framework knows virtiofs alone; QEMU's 9p needs no second process. */
function shareKindOf(driver: DriverName): "9p" | "virtiofs" {
  return driver === "vfkit" ? "virtiofs" : "9p";
}

/**
 * QEMU's own network says 1460 bytes a segment and takes any size: larger ones reach it whole, where a packet costs more than
 * its bytes. These fit into 16 KiB of the guest's memory with what the kernel adds, so that room for them is always found.
 */
function frameBytesOf(driver: DriverName): number | undefined {
  return driver === "qemu" ? 15_000 : undefined;
}
