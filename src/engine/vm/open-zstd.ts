import { constants, createZstdDecompress, type ZstdDecompress } from "node:zlib";

/** Opens what ships: it is packed with a window of 512 MB (vm/shipping.ts), four times what is allowed by itself. */
export function openZstd(): ZstdDecompress {
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 29 } });
}
