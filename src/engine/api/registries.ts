import type { LongshoreHandlers } from "#contract";
import type { EngineConnection } from "../docker/connection.ts";
import { searchHub } from "../docker/hub-search.ts";
import { readReference } from "../images/image-tasks.ts";
import type { Credentials } from "../registries/credentials.ts";
import { Registries } from "../registries/registries.ts";
import { RegistryBook } from "../registries/registry-book.ts";

interface Parts {
  readonly home: string;
  readonly connection: EngineConnection;
  readonly credentials: Credentials;
  readonly certificateFolders: readonly string[];
}

/** `latest` first, then the names in the order of numbers, the highest first. */
function sortTags(tags: readonly string[]): string[] {
  const order = new Intl.Collator("en", { numeric: true });
  return tags.toSorted((a, b) => Number(b === "latest") - Number(a === "latest") || order.compare(b, a));
}

/** Handlers of `registries`. */
export function registryHandlers(parts: Parts): LongshoreHandlers["registries"] {
  const { home, connection, credentials, certificateFolders } = parts;
  const book = new RegistryBook(home);
  const registries = new Registries({ book, credentials, certificateFolders });
  return {
    list: () => registries.list(),
    keeper: ({ address }) => credentials.keeperFor(address),
    save: async ({ address, insecure }) => {
      await book.save({ address, insecure });
      return {};
    },
    remove: async ({ address }) => {
      await book.delete(address);
      return {};
    },
    login: (input, signal) => registries.login(input, signal),
    logout: async ({ address }) => {
      await credentials.forget(address);
      return {};
    },
    test: async ({ address }, signal) => {
      const login = await credentials.find(address);
      await (await registries.open(address, signal)).check();
      const as = login ? ` and lets ${login.user} in` : "";
      return { summary: `${address} answers${as}.` };
    },
    repositories: async ({ address }, signal) => {
      const { names, more } = await (await registries.open(address, signal)).repositories();
      return { repositories: names, more };
    },
    tags: async ({ reference: text }, signal) => {
      const reference = readReference(text);
      const { names, more } = await (await registries.open(reference.domain, signal)).tags(reference.path);
      return { tags: sortTags(names), more };
    },
    search: async ({ term }, signal) => ({ results: await searchHub(connection.session(), term, signal) }),
  };
}
