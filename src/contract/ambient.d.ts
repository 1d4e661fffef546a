// The contract is compiled with the ECMAScript library alone, so that neither Node nor the DOM can leak into it.
// These few globals exist in both worlds; only what the contract uses of them is declared.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label: "utf-8", options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}
