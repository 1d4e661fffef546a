import type { Capability, LongshoreHandlers } from "#contract";
import { AppError } from "#contract/errors.ts";
import type { OpenSecretBox } from "../registries/credential-vault.ts";
import { allowedUrl } from "./open-external.ts";

/** What the host of the engine (the desktop or the browser mode) can do for it. */
export interface HostAbilities {
  readonly capabilities: readonly Capability[];
  /** Opens a URL that was found harmless in the user's browser. */
  readonly openExternal: (url: string) => Promise<void>;
  /** Encryption by the operating system for this user, where the host has it; without, logins last until the end. */
  readonly secrets?: OpenSecretBox | undefined;
}

function platformName(): "linux" | "darwin" | "win32" {
  return process.platform === "darwin" || process.platform === "win32" ? process.platform : "linux";
}

interface AppFacts {
  readonly home: string;
  readonly version: string;
  readonly host: HostAbilities;
  readonly choice?: string | undefined;
}

/** Handlers of `app`. */
export function appHandlers(options: AppFacts): LongshoreHandlers["app"] {
  const { home, version, host, choice } = options;
  const option = choice === undefined ? {} : { engineOption: choice };
  return {
    info: () => ({ version, home, platform: platformName(), capabilities: [...host.capabilities], ...option }),
    openExternal: async ({ url }) => {
      const href = allowedUrl(url);
      if (!host.capabilities.includes("openExternal")) {
        throw new AppError("unavailable", `Longshore cannot open a browser here. The address is ${href}`);
      }
      await host.openExternal(href);
      return {};
    },
  };
}
