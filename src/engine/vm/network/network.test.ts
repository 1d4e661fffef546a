import { describe, expect, it } from "vitest";
import { inodesOfPort, parseLsof } from "./port-holder.ts";
import { proxyValues } from "./proxy.ts";
import { wantedForwards } from "./published-ports.ts";

describe("wantedForwards", () => {
  const container = (Ports: { IP?: string; PublicPort?: number; Type: string }[]) => ({
    Id: "0123456789abcdef",
    Names: ["/web"],
    Ports,
  });

  it("opens a port once for both families, and apart for tcp and udp", () => {
    const found = wantedForwards([
      container([
        { IP: "0.0.0.0", PublicPort: 80, Type: "tcp" },
        { IP: "::", PublicPort: 80, Type: "tcp" },
        { IP: "0.0.0.0", PublicPort: 80, Type: "udp" },
        { Type: "tcp" },
      ]),
    ]);
    expect(found.map(({ rule }) => `${rule.protocol} ${rule.hostAddress}:${rule.hostPort}`)).toEqual([
      "tcp 0.0.0.0:80",
      "udp 0.0.0.0:80",
    ]);
  });

  it("keeps what is published on the loopback there", () => {
    const [only] = wantedForwards([container([{ IP: "127.0.0.1", PublicPort: 81, Type: "tcp" }])]);
    expect(only).toMatchObject({ rule: { hostAddress: "127.0.0.1", loopback: true }, container: "web" });
  });

  it("says why ::1 cannot be had", () => {
    const [only] = wantedForwards([container([{ IP: "::1", PublicPort: 81, Type: "tcp" }])]);
    expect(only?.why).toContain("127.0.0.1");
  });
});

describe("the holder of a port", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 55123 1",
    "   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 55999 1",
  ].join("\n");

  it("is found by the inode of the socket that listens", () => {
    expect(inodesOfPort(table, "tcp", 8080)).toEqual(["55123"]);
    expect(inodesOfPort(table, "tcp", 8081)).toEqual([]);
  });

  it("is read from lsof", () => {
    expect(parseLsof("p812\ncnginx\nf6\n")).toBe("nginx (process 812)");
    expect(parseLsof("")).toBeUndefined();
  });
});

describe("proxyValues", () => {
  it("follows the host, except for a proxy on its loopback", () => {
    const env = { http_proxy: "http://proxy:3128", HTTPS_PROXY: "http://u:p@localhost:3128", no_proxy: "a,b" };
    expect(proxyValues({ mode: "host" }, env)).toEqual({ http: "http://proxy:3128", https: "", no: "a,b" });
    expect(proxyValues({ mode: "none" }, env)).toEqual({ http: "", https: "", no: "" });
  });
});
