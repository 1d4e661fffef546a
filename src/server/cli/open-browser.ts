import { spawn } from "node:child_process";
import { once } from "node:events";

function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === "darwin") return ["open"];
  // `start` would take the address through a shell; this hands it over as one argument.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}

/** Opens an address in the user's browser. Rejects where the platform's opener is missing. */
export async function openBrowser(url: string): Promise<void> {
  const [command, ...args] = openerOf(process.platform);
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  await once(child, "spawn");
  child.unref();
}
