import { join } from "node:path";

/** Where downloads are kept between builds. */
export function defaultCacheDir(): string {
  const home = process.env.LONGSHORE_HOME;
  return home ? join(home, "cache", "vm") : join(".cache", "vm");
}
