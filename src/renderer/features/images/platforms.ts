import { client } from "../../lib/client.ts";

/** Rows that come into view together are asked for together. */
const gatherMs = 20;

let asked = new Map<string, ((platform: string) => void)[]>();

function send(): void {
  const batch = asked;
  asked = new Map();
  const settle = (platforms: Record<string, string>): void => {
    for (const [id, resolvers] of batch) for (const resolve of resolvers) resolve(platforms[id] ?? "");
  };
  client.images
    .platforms({ ids: [...batch.keys()] })
    .then(({ platforms }) => settle(platforms))
    .catch(() => settle({}));
}

/** Platform of one image, for example `linux/amd64`; "" where it cannot be had. */
export function platformOf(id: string): Promise<string> {
  return new Promise((resolve) => {
    if (asked.size === 0) setTimeout(send, gatherMs);
    asked.set(id, [...(asked.get(id) ?? []), resolve]);
  });
}
