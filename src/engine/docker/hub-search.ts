import { z } from "zod";
import { AppError, toAppError } from "#contract/errors.ts";
import { readItems } from "./listing.ts";
import type { Session } from "./session.ts";
import { toTransferError } from "./transfer-errors.ts";

const searchDeadlineMs = 20_000;

const rawResult = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  star_count: z.int().default(0),
  is_official: z.boolean().default(false),
});

interface SearchResult {
  readonly name: string;
  readonly description: string;
  readonly stars: number;
  readonly official: boolean;
}

/** `GET /images/search`: the engine asks Docker Hub. Errors: unavailable where it cannot reach it. */
export async function searchHub(session: Session, term: string, signal: AbortSignal): Promise<SearchResult[]> {
  const about = { verb: "search with", kind: "engine" } as const;
  const request = { about, path: "/images/search", query: { term, limit: 50 }, deadlineMs: searchDeadlineMs, signal };
  try {
    const { items } = readItems(await session.http.json(request, z.array(z.unknown())), (item) => {
      const { data } = rawResult.safeParse(item);
      if (!data) return undefined;
      const { name, description, star_count: stars, is_official: official } = data;
      return { name, description: description ?? "", stars, official };
    });
    return [...items];
  } catch (error) {
    if (toAppError(error).code === "timeout") {
      const message = "The engine did not reach Docker Hub in time. Check the network of the engine's machine.";
      throw new AppError("unavailable", message, { cause: error, data: { reason: "unreachable" } });
    }
    throw toTransferError(error, { verb: "search", subject: `"${term}"`, registry: "docker.io" });
  }
}
