import { expect, test } from "vitest";
import type { ContainerDetails } from "#contract";
import { runCommand } from "./run-command.ts";

const plain: ContainerDetails = {
  id: "ab12".padEnd(64, "0"),
  name: "web",
  image: "nginx:1.27",
  imageId: "sha256:1",
  command: ["nginx", "-g", "daemon off;"],
  workingDir: "",
  user: "",
  hostname: "ab1200000000",
  createdAt: 0,
  state: "running",
  oomKilled: false,
  error: "",
  health: { status: "none", failingStreak: 0, probes: [] },
  restartPolicy: { name: "no", maximumRetryCount: 0 },
  restartCount: 0,
  privileged: false,
  autoRemove: false,
  tty: false,
  env: [],
  labels: {},
  ports: [],
  mounts: [],
  networks: [
    { name: "bridge", networkId: "", ipAddress: "", ipv6Address: "", gateway: "", macAddress: "", aliases: [] },
  ],
  logDriver: "json-file",
  raw: { Config: { Entrypoint: null } },
};

test("a plain container is a short line", () => {
  expect(runCommand(plain)).toBe("docker run -d --name web nginx:1.27 nginx -g 'daemon off;'");
});

test("an entrypoint is named, because the image may have another", () => {
  const command = ["/entry point.sh", "nginx"];
  const raw = { Config: { Entrypoint: ["/entry point.sh"] } };
  expect(runCommand({ ...plain, command, raw })).toBe(
    "docker run -d --name web --entrypoint '/entry point.sh' nginx:1.27 nginx",
  );
});

test("everything that it was given is given again", () => {
  const details: ContainerDetails = {
    ...plain,
    command: [],
    autoRemove: true,
    tty: true,
    hostname: "shop",
    user: "1000:1000",
    workingDir: "/srv/my app",
    restartPolicy: { name: "on-failure", maximumRetryCount: 3 },
    ports: [
      { privatePort: 80, publicPort: 8080, protocol: "tcp", hostIp: "0.0.0.0" },
      { privatePort: 80, publicPort: 8080, protocol: "tcp", hostIp: "::" },
      { privatePort: 53, publicPort: 5353, protocol: "udp", hostIp: "127.0.0.1" },
      { privatePort: 443, protocol: "tcp" },
    ],
    mounts: [
      {
        type: "volume",
        name: "data",
        source: "/var/lib/docker/volumes/data/_data",
        destination: "/data",
        readOnly: false,
      },
      { type: "volume", name: "0".repeat(64), source: "/x", destination: "/cache", readOnly: false },
      { type: "bind", source: "/etc/shop", destination: "/etc/shop", readOnly: true },
      { type: "tmpfs", source: "", destination: "/run", readOnly: false },
    ],
    env: [{ name: "GREETING", value: "it's $HOME" }],
    labels: { team: "shop", "com.docker.compose.project": "shop" },
    networks: [{ ...(plain.networks[0] as ContainerDetails["networks"][number]), name: "shop_default" }],
  };
  expect(runCommand(details)).toBe(
    "docker run --rm -d -t --name web --hostname shop --restart on-failure:3 -p 8080:80 -p 127.0.0.1:5353:53/udp " +
      "-v data:/data -v /cache -v /etc/shop:/etc/shop:ro --tmpfs /run --network shop_default --user 1000:1000 " +
      `--workdir '/srv/my app' -e 'GREETING=it'\\''s $HOME' --label team=shop nginx:1.27`,
  );
});
