import type { MachineSettings } from "#contract/machine.ts";

export interface ProxyValues {
  readonly http: string;
  readonly https: string;
  readonly no: string;
}

/** The proxy that the guest's Docker is given. A proxy on the host's loopback is out of a guest's reach and is left out. */
export function proxyValues(setting: MachineSettings["proxy"], env: Record<string, string | undefined>): ProxyValues {
  switch (setting.mode) {
    case "none":
      return { http: "", https: "", no: "" };
    case "manual":
      return { http: setting.http, https: setting.https, no: setting.no };
    case "host": {
      const read = (name: string) => env[name.toLowerCase()] ?? env[name.toUpperCase()] ?? "";
      return { http: reachable(read("http_proxy")), https: reachable(read("https_proxy")), no: read("no_proxy") };
    }
  }
}

function reachable(url: string): string {
  return /^\w+:\/\/([^@/]*@)?(localhost|127\.|\[::1\])/i.test(url) ? "" : url;
}
