import type { ContainerDetails } from "#contract";

/** What was found out, step by step; undefined where a step was not taken. */
export interface ReachFindings {
  readonly from: ContainerDetails;
  /** The container to be reached, where one was chosen. */
  readonly target?: ContainerDetails;
  /** The name or address as it was tried. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly sharedNetworks: readonly string[];
  /** Addresses that the name resolves to from the first container; empty where it does not. */
  readonly addresses: readonly string[];
  readonly answersPing?: boolean;
  readonly connects?: "ok" | "refused" | "timeout" | "unreachable";
  /** TCP ports that something in the target listens on, with the address. */
  readonly listening?: readonly { readonly port: number; readonly loopbackOnly: boolean }[];
}
