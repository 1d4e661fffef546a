import { type MachineSettings, type MachineUsage, machineSettings, type SharedFolder } from "#contract";

const gibibyte = 2 ** 30;

/** The form as it is typed: numbers stay text until they are applied. */
export interface Draft {
  readonly cpus: string;
  readonly memoryGiB: string;
  readonly diskGiB: string;
  readonly idleMinutes: string;
  readonly sharedFolders: readonly SharedFolder[];
  readonly accelerator: MachineSettings["accelerator"];
  readonly hostAccess: boolean;
  readonly proxyMode: MachineSettings["proxy"]["mode"];
  readonly proxyHttp: string;
  readonly proxyHttps: string;
  readonly proxyNo: string;
  /** Separated by blanks or commas; empty follows the host. */
  readonly dns: string;
  readonly dockerContext: boolean;
  /** Empty is the newest. */
  readonly imageId: string;
  readonly onQuit: MachineSettings["onQuit"];
}

export function toDraft(settings: MachineSettings): Draft {
  const { proxy } = settings;
  const manual = proxy.mode === "manual" ? proxy : { http: "", https: "", no: "" };
  return {
    cpus: String(settings.cpus),
    memoryGiB: String(+(settings.memoryBytes / gibibyte).toFixed(2)),
    diskGiB: String(+(settings.diskBytes / gibibyte).toFixed(2)),
    idleMinutes: String(settings.idleMinutes),
    sharedFolders: settings.sharedFolders,
    accelerator: settings.accelerator,
    hostAccess: settings.hostAccess,
    proxyMode: proxy.mode,
    proxyHttp: manual.http,
    proxyHttps: manual.https,
    proxyNo: manual.no,
    dns: settings.dns.join(", "),
    dockerContext: settings.dockerContext,
    imageId: settings.imageId ?? "",
    onQuit: settings.onQuit,
  };
}

export type DraftProblem = "cpus" | "memory" | "disk" | "idle" | "folder" | "folderTwice" | "proxy" | "dns";

export type DraftErrors = Partial<Record<keyof Draft, DraftProblem>>;

type Host = MachineUsage["host"];

/** A number typed with a point or a comma; NaN for anything else. */
function toNumber(text: string): number {
  const plain = text.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

const proxyAddress = /^https?:\/\/[^\s]+$/;
const ipAddress = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/;
const absolutePath = /^(\/|[A-Za-z]:[\\/])/;

function dnsServers(text: string): string[] {
  return text.split(/[\s,]+/).filter((server) => server !== "");
}

function folderProblem(folders: readonly SharedFolder[]): DraftProblem | undefined {
  if (folders.some(({ path }) => !absolutePath.test(path))) return "folder";
  return new Set(folders.map(({ path }) => path)).size < folders.length ? "folderTwice" : undefined;
}

/** What cannot be applied as it stands; empty where all can. `host` is absent until it was told. */
export function findErrors(draft: Draft, host: Host | undefined): DraftErrors {
  const cpus = toNumber(draft.cpus);
  const idle = toNumber(draft.idleMinutes);
  const memory = toNumber(draft.memoryGiB) * gibibyte;
  const servers = dnsServers(draft.dns);
  const proxies = [draft.proxyHttp, draft.proxyHttps].filter((address) => address !== "");
  const isProxyWrong =
    draft.proxyMode === "manual" && (proxies.length === 0 || proxies.some((address) => !proxyAddress.test(address)));
  const folder = folderProblem(draft.sharedFolders);
  return {
    ...(Number.isInteger(cpus) && isWithin(cpus, 1, host?.cpus ?? 256) ? {} : { cpus: "cpus" }),
    ...(isWithin(memory, gibibyte / 2, host?.memoryBytes ?? Number.MAX_VALUE) ? {} : { memoryGiB: "memory" }),
    ...(isWithin(toNumber(draft.diskGiB), 2, 65_536) ? {} : { diskGiB: "disk" }),
    ...(Number.isInteger(idle) && isWithin(idle, 0, 1440) ? {} : { idleMinutes: "idle" }),
    ...(servers.length <= 8 && servers.every((server) => ipAddress.test(server)) ? {} : { dns: "dns" }),
    ...(isProxyWrong ? { proxyHttp: "proxy" } : {}),
    ...(folder === undefined ? {} : { sharedFolders: folder }),
  };
}

/** The settings that a draft without errors stands for; what the form does not show stays as it is. */
export function toSettings(draft: Draft, before: MachineSettings): MachineSettings {
  const { imageId: _image, ...rest } = before;
  const manual = { mode: "manual", http: draft.proxyHttp, https: draft.proxyHttps, no: draft.proxyNo } as const;
  const bytesOf = (text: string, was: number): number =>
    text === String(+(was / gibibyte).toFixed(2)) ? was : Math.round(toNumber(text) * gibibyte);
  return machineSettings.parse({
    ...rest,
    cpus: toNumber(draft.cpus),
    memoryBytes: bytesOf(draft.memoryGiB, before.memoryBytes),
    diskBytes: bytesOf(draft.diskGiB, before.diskBytes),
    idleMinutes: toNumber(draft.idleMinutes),
    sharedFolders: draft.sharedFolders,
    accelerator: draft.accelerator,
    hostAccess: draft.hostAccess,
    proxy: draft.proxyMode === "manual" ? manual : { mode: draft.proxyMode },
    dns: dnsServers(draft.dns),
    dockerContext: draft.dockerContext,
    onQuit: draft.onQuit,
    ...(draft.imageId === "" ? {} : { imageId: draft.imageId }),
  });
}
