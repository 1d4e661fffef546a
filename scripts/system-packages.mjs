// Debian packages that the project needs beyond npm, and how they get here. Plain JavaScript, so that any Node runs it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What each job needs: a file that shows the package is there, and the package. */
export const packageSets = {
  /** Building the guest image and running it. */
  vm: [
    ["/usr/bin/mkfs.erofs", "erofs-utils"],
    ["/usr/bin/zstd", "zstd"],
    ["/usr/bin/xz", "xz-utils"],
    ["/usr/bin/gpgv", "gpgv"],
    ["/usr/bin/cpio", "cpio"],
    ["/usr/bin/dpkg-deb", "dpkg"],
    ["/usr/bin/ssh", "openssh-client"],
    ["/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring"],
  ],
  /** What looks into volumes and networks; `npm start` wants it too. */
  helper: [["/usr/bin/busybox", "busybox-static"]],
  /** What the tests drive: a real engine, a real browser, a registry. */
  test: [
    ["/usr/sbin/dockerd", "docker.io"],
    ["/usr/sbin/iptables", "iptables"],
    ["/usr/sbin/ip", "iproute2"],
    ["/usr/bin/busybox", "busybox-static"],
    ["/usr/bin/chromium", "chromium"],
    ["/usr/share/fonts/truetype/dejavu", "fonts-dejavu-core"],
    ["/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "fonts-noto-color-emoji"],
    ["/usr/share/fonts/opentype/noto", "fonts-noto-cjk"],
    ["/usr/bin/docker-registry", "docker-registry"],
    ["/usr/bin/htpasswd", "apache2-utils"],
    ["/usr/bin/openssl", "openssl"],
    ["/usr/bin/rg", "ripgrep"],
  ],
};

function run(command, args) {
  return spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** How to become root without a question, as the start of a command line; undefined where it cannot be done. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"]).status === 0 ? ["sudo", "-n"] : undefined;
}

/** Packages of a set that are not on this machine. */
export function missingPackages(set) {
  return packageSets[set].filter(([file]) => !existsSync(file)).map(([, name]) => name);
}

/**
 * Installs what a set lacks, saying so. Returns undefined when all is there, else one line on what to do.
 * Nothing is asked: without the right to install, the exact command is the answer.
 */
export function ensurePackages(set) {
  const missing = missingPackages(set);
  if (missing.length === 0) return undefined;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (!existsSync("/usr/bin/apt-get"))
    return `Missing: ${missing.join(", ")} (names of Debian's packages). Install them and start again.`;
  const prefix = rootPrefix();
  if (!prefix) return `Some system packages are missing. Run: sudo ${command}`;
  console.error(`Installing system packages: ${missing.join(" ")}`);
  const [update, install] = [["update", "-qq"], command.split(" ").slice(1)].map((args) => [
    ...prefix,
    "apt-get",
    ...args,
  ]);
  for (const [program, ...args] of [update, install]) {
    // Lists that cannot be refreshed may still do; the installation tells.
    const { status } = run(program, args);
    if (status !== 0 && args.includes("install")) return `The installation failed. Run: sudo ${command}`;
  }
  return undefined;
}
