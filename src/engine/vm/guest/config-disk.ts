import { rename, writeFile } from "node:fs/promises";
import type { MachineSettings } from "#contract/machine.ts";
import type { GuestShare } from "../driver.ts";
import type { ProxyValues } from "../network/proxy.ts";
import { packTar, type TarFile } from "./tar.ts";

interface ConfigShare extends GuestShare {
  readonly kind: "9p" | "virtiofs";
}

export interface GuestConfig {
  readonly settings: Pick<MachineSettings, "dns" | "hostAccess">;
  readonly proxy: ProxyValues;
  readonly shares: readonly ConfigShare[];
  /** The largest frame that the hypervisor's network takes, where that is more than it says. */
  readonly frameBytes: number | undefined;
  readonly authorizedKey: string;
  readonly dropbearHostKey: Buffer;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Check the data disk before it is mounted. */
  readonly checkDisk: boolean;
  /** The data disk was never in use, so that a formatting that was cut off may be begun anew. */
  readonly newDisk: boolean;
  /** Shrink the file system of the data disk to this size. */
  readonly shrinkToBytes?: number;
}

/** Files of the configuration disk: one value each, because the guest reads them with a plain shell. */
export function configFiles(config: GuestConfig): TarFile[] {
  const { settings, proxy } = config;
  const proxyLines = Object.entries({ http: proxy.http, https: proxy.https, no: proxy.no });
  const texts: [string, string][] = [
    ["hostname", "longshore"],
    ["epoch", config.epoch.toFixed(3)],
    ["dns", settings.dns.join("\n")],
    ["proxy", proxyLines.flatMap(([name, value]) => (value === "" ? [] : [`${name}=${value}`])).join("\n")],
    ["host-access", settings.hostAccess ? "1" : "0"],
    ["shares", config.shares.map((share) => shareLine(share)).join("\n")],
    ["frame-bytes", config.frameBytes === undefined ? "" : String(config.frameBytes)],
    ["authorized_keys", config.authorizedKey],
    ...(config.checkDisk ? [["data-check", "1"] as [string, string]] : []),
    ...(config.newDisk ? [["data-new", "1"] as [string, string]] : []),
    ...(config.shrinkToBytes === undefined
      ? []
      : [["data-shrink-bytes", String(config.shrinkToBytes)] as [string, string]]),
  ];
  return [
    ...texts.map(([name, text]) => ({ name, content: Buffer.from(text === "" ? "" : `${text}\n`), mode: 0o600 })),
    { name: "dropbear_ed25519_host_key", content: config.dropbearHostKey, mode: 0o600 },
  ];
}

function shareLine(share: ConfigShare): string {
  return [share.tag, share.kind, share.readOnly ? "ro" : "rw", share.path].join("\t");
}

/** Writes the configuration disk, whole or not at all. */
export async function writeConfigDisk(path: string, config: GuestConfig): Promise<void> {
  const archive = packTar(configFiles(config));
  // Some hypervisors refuse a disk below one megabyte or of an odd size.
  const disk = Buffer.alloc(Math.max(2 ** 20, Math.ceil(archive.length / 4096) * 4096));
  archive.copy(disk);
  await writeFile(`${path}.new`, disk, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
