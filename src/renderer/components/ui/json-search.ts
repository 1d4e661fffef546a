export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

function isFound(text: string, query: string): boolean {
  return text.toLowerCase().includes(query.toLowerCase());
}

function leafText(value: Json): string | undefined {
  return typeof value === "object" && value !== null ? undefined : String(value);
}

function children(value: Json): [string, Json][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** Paths (`/Config/Env/0`) of all keys and values that contain the text, and of everything above them. */
export function matchingPaths(value: Json, query: string): ReadonlySet<string> {
  const found = new Set<string>();
  /** Adds what lies below a path; true where something was found. */
  function visit(node: Json, path: string, under: boolean): boolean {
    let any = false;
    for (const [key, child] of children(node)) {
      const at = `${path}/${key}`;
      const self = isFound(key, query) || isFound(leafText(child) ?? "", query);
      // What lies below a key that was found is shown with it.
      const below = visit(child, at, under || isFound(key, query));
      if (self || below || under) found.add(at);
      any ||= self || below;
    }
    return any;
  }
  visit(value, "", false);
  return found;
}

/** Keys and values that contain the text. */
export function countMatches(value: Json, query: string): number {
  return children(value).reduce((count, [key, child]) => {
    const own = (isFound(key, query) ? 1 : 0) + (isFound(leafText(child) ?? "", query) ? 1 : 0);
    return count + own + countMatches(child, query);
  }, 0);
}
