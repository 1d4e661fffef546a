import type { PortBinding } from "#contract";
import { appInfo } from "./app-info.ts";
import { client } from "./client.ts";
import { reportError } from "./notify.ts";

const anyAddress = new Set(["", "0.0.0.0", "::"]);

/** The address under which a published TCP port answers in a browser on this machine. */
export function portUrl({ publicPort, hostIp = "", protocol }: PortBinding): string | undefined {
  if (publicPort === undefined || protocol !== "tcp") return undefined;
  const host = anyAddress.has(hostIp) ? "localhost" : hostIp.includes(":") ? `[${hostIp}]` : hostIp;
  return `http://${host}:${publicPort}`;
}

/** Opens a link outside the app: by the host where it can, else by the browser that shows the page. */
export async function openExternal(url: string): Promise<void> {
  try {
    const { capabilities } = await appInfo();
    if (capabilities.includes("openExternal")) await client.app.openExternal({ url });
    else window.open(url, "_blank", "noreferrer");
  } catch (error) {
    reportError(error);
  }
}
