/** Processor architectures that an image can be built for, by their Debian names. */
export const architectures = ["amd64", "arm64"] as const;

export type Arch = (typeof architectures)[number];

export function isArch(value: string): value is Arch {
  return (architectures as readonly string[]).includes(value);
}

/** The architecture of this machine, or undefined where no guest image exists for it. */
export function hostArch(): Arch | undefined {
  if (process.arch === "x64") return "amd64";
  if (process.arch === "arm64") return "arm64";
  return undefined;
}
