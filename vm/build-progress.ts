/** Steps of a build, in order. */
export type BuildStep = "tools" | "lists" | "fetch" | "unpack" | "initrd" | "root-image" | "compress" | "manifest";

export interface BuildProgress {
  step: BuildStep;
  /** What is being done, for people. */
  text: string;
  /** Present where a step counts. */
  done?: number;
  total?: number;
}

export type Tell = (progress: BuildProgress) => void;
