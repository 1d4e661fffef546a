/** TLS files as read; each is PEM text. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** False where the user asked for encryption without checking who answers. */
  readonly verify: boolean;
}

/** How the bytes reach an engine. */
export type Address =
  /** A unix socket or a Windows named pipe. */
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number; readonly tls?: TlsMaterial }
  /** `docker system dial-stdio` over the system's ssh; `socket` is the engine's socket there, where it is not the usual. */
  | {
      readonly kind: "ssh";
      readonly hostname: string;
      readonly user?: string;
      readonly port?: number;
      readonly socket?: string;
    };
