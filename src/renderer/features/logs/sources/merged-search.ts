/** Which containers a timeline shows, as its URL says it; nothing said means all that run. */
export interface MergedSearch {
  /** Ids or names. */
  readonly c?: readonly string[];
  /** A compose project. */
  readonly project?: string;
  /** Names whose containers are gone, but whose logs were kept. */
  readonly past?: readonly string[];
}

const mostContainers = 500;

function texts(value: unknown): readonly string[] | undefined {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (!Array.isArray(value)) return undefined;
  const list = value.filter((item) => typeof item === "string" || typeof item === "number").map(String);
  return list.length > 0 ? list.slice(0, mostContainers) : undefined;
}

/** Reads the search part of a URL; what is not as it should be is left out. */
export function readMergedSearch(search: Record<string, unknown>): MergedSearch {
  const [c, past] = [texts(search.c), texts(search.past)];
  const { project } = search;
  return {
    ...(c ? { c } : {}),
    ...(typeof project === "string" || typeof project === "number" ? { project: String(project) } : {}),
    ...(past ? { past } : {}),
  };
}
