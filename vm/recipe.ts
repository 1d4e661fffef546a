import type { Arch } from "./arch.ts";

/** Debian suite that the guest is made of. */
export const suite = "trixie";

/** Its kernel; the meta package names the current one. The cloud kernel lacks 9p. */
export const kernelMetaPackage: Record<Arch, string> = {
  amd64: "linux-image-amd64",
  arm64: "linux-image-arm64",
};

/**
 * Packages of the root tree. Not apt's closure: no maintainer script runs, so whatever only those
 * scripts need (debconf, passwd, systemd, perl) stays out. The build checks every ELF file's
 * libraries, so a package missing here fails the build by name.
 */
export const rootPackages = [
  "busybox-static",
  "ca-certificates",
  "containerd",
  "dnsmasq-base",
  "docker-buildx",
  "docker-compose",
  "docker.io",
  "dropbear-bin",
  "e2fsprogs",
  "iptables",
  "libblkid1",
  "libbsd0",
  "libc6",
  "libcap2",
  "libcom-err2",
  "libcrypt1",
  "libdbus-1-3",
  "libedit2",
  "libext2fs2t64",
  "libgcc-s1",
  "libgmp10",
  "libhogweed6t64",
  "libidn2-0",
  "libip4tc2",
  "libip6tc2",
  "libjansson4",
  "libmd0",
  "libmnl0",
  "libnetfilter-conntrack3",
  "libnettle8t64",
  "libnfnetlink0",
  "libnftables1",
  "libnftnl11",
  "libpcre2-8-0",
  "libseccomp2",
  "libselinux1",
  "libss2",
  "libsystemd0",
  "libtinfo6",
  "libtomcrypt1",
  "libtommath1",
  "libunistring5",
  "libuuid1",
  "libxtables12",
  "netcat-openbsd",
  "nftables",
  "runc",
  "tini",
  "zlib1g",
] as const;

/**
 * Left out of the tree: what nobody reads or runs in the guest. Patterns over paths without a
 * leading slash; a trailing slash means the folder and all below.
 */
export const leftOut: readonly RegExp[] = [
  /^usr\/share\/(doc|man|info|locale|lintian|bash-completion|zsh|fish|bug|dbus-1|initramfs-tools|gdb|apport|keyrings|doc-base|perl5|polkit-1|apparmor)\//,
  /^usr\/share\/(fish|zsh)\//,
  /^(usr\/)?lib\/(systemd|udev|tmpfiles\.d|sysusers\.d|init)\//,
  /^usr\/lib\/[^/]+\/(gconv|audit|e2initrd_helper)/,
  /^etc\/(init\.d|default|logcheck|apparmor\.d|cron\.[a-z]+|dbus-1|ca-certificates|ld\.so\.conf\.d\/fake|kernel|containerd)\//,
  /^usr\/bin\/(ctr|containerd-stress|containerd-shim|containerd-shim-runc-v1|docker-proxy\.old|dbclient|dropbearconvert|chattr|lsattr|nc\.traditional)$/,
  /^usr\/sbin\/(e4crypt|e4defrag|e2scrub.*|filefrag|mklost\+found|logsave|e2freefrag|e2undo|e2image|e2label|badblocks|debugfs|iptables-apply|iptables-legacy.*|ip6tables-legacy.*|nfnl_osf|arptables.*|ebtables.*)$/,
  /^usr\/libexec\/(dpkg|e2fsprogs)/,
  /^usr\/lib\/python3\//,
  /^usr\/share\/docker\.io\//,
];

/**
 * Loaded by the initrd in this order, with what they depend on: disks and the root filesystem. The
 * checksum comes first: libcrc32c finds it by name only, so no dependency says so.
 */
export const initrdModules = ["crc32c_generic", "virtio_blk", "erofs", "overlay"] as const;

/** Loaded by the running guest before the data disk is mounted. */
export const diskModules = ["ext4"] as const;

/** Loaded before the networks are made: the cards, the link between the namespaces, the firewall's tables. */
export const networkModules = ["virtio_net", "veth", "nf_tables", "nft_compat", "nft_chain_nat"] as const;

/** Loaded while containerd starts: what dockerd and its rules need. */
export const engineModules = ["bridge", "br_netfilter", "xt_addrtype"] as const;

/** Loaded when dockerd is on its way: nothing waits for them. */
export const lateModules = ["button", "evdev", "gpio_keys", "virtio_balloon", "virtio_rng"] as const;

/** Present in the root for loading on demand, by the kernel or by containers; everything else stays out. */
export const availableModules = [
  "9p",
  "9pnet_virtio",
  "cifs",
  "dummy",
  "fuse",
  "ip_set",
  "ip_set_bitmap_port",
  "ip_set_hash_ip",
  "ip_set_hash_ipport",
  "ip_set_hash_ipportnet",
  "ip_set_hash_net",
  "ip_set_hash_netport",
  "ip_set_hash_netportnet",
  "ip_set_list_set",
  "ip_vs",
  "ip_vs_rr",
  "ip_vs_sh",
  "ip_vs_wrr",
  "ipvlan",
  "inet_diag",
  "loop",
  "binfmt_misc",
  "macvlan",
  "nf_conntrack_netlink",
  "nf_log_syslog",
  "nfs",
  "nfsv4",
  "nft_ct",
  "nft_fib_inet",
  "nft_limit",
  "nft_log",
  "nft_masq",
  "nft_nat",
  "nft_redir",
  "nft_reject_inet",
  "ptp_kvm",
  "sch_fq_codel",
  "sch_htb",
  "sch_ingress",
  "sch_netem",
  "sch_tbf",
  "tcp_bbr",
  "tcp_diag",
  "tun",
  "udp_diag",
  "unix_diag",
  "virtiofs",
  "vmw_vsock_virtio_transport",
  "vxlan",
  "wireguard",
  "xt_CHECKSUM",
  "xt_CT",
  "xt_DSCP",
  "xt_LOG",
  "xt_NFLOG",
  "xt_REDIRECT",
  "xt_TCPMSS",
  "xt_bpf",
  "xt_cgroup",
  "xt_MASQUERADE",
  "xt_comment",
  "xt_connmark",
  "xt_conntrack",
  "xt_ipvs",
  "xt_limit",
  "xt_mac",
  "xt_mark",
  "xt_multiport",
  "xt_nat",
  "xt_owner",
  "xt_physdev",
  "xt_recent",
  "xt_set",
  "xt_state",
  "xt_statistic",
  "xt_string",
  "xt_tcpudp",
  "xt_u32",
  "ipt_REJECT",
  "ip6t_REJECT",
] as const;

/** Never in the image, whatever depends on them: attack surface that containers do not need. */
export const forbiddenModules = [
  "esp4",
  "esp6",
  "rxrpc",
  "algif_aead",
  "algif_skcipher",
  "algif_hash",
  "af_alg",
] as const;

const commonCommandLine = [
  "console=hvc0",
  "quiet",
  "loglevel=4",
  // With `-no-reboot` on the host a panic ends the virtual machine instead of hanging it.
  "panic=5",
  "cryptomgr.notests",
  "random.trust_cpu=on",
  "rcupdate.rcu_expedited=1",
  "nowatchdog",
  // Huge pages for everything would set 45 MB aside for themselves and swell Go programs.
  "transparent_hugepage=madvise",
  // Loading modules makes processors wait for each other, which is dear where they are emulated: the others join later (vm/guest, boot).
  "maxcpus=1",
  // Debian's list without AppArmor, TOMOYO, IMA and EVM: no policy is loaded for them here, and each hooks every call.
  "lsm=landlock,lockdown,yama,bpf",
];

export const kernelCommandLine: Record<Arch, string> = {
  amd64: [...commonCommandLine, "tsc=reliable", "no_timer_check"].join(" "),
  arm64: commonCommandLine.join(" "),
};

/** dockerd settings that a host may override; the guest's own are flags of its start script. */
export const daemonDefaults = {
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m", "max-file": "3" },
  "storage-driver": "overlay2",
  // The host forwards IPv4 alone: a second listener for each port, for IPv6, would only cost its start and its memory.
  ip: "0.0.0.0",
  "shutdown-timeout": 10,
  features: { buildkit: true },
};
