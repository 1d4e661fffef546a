import { z } from "zod";
import { nothing } from "./lists.ts";
import { call } from "./rpc/procedure.ts";

/** What only some hosts can do; a screen asks for the capability, never for the host. */
export const capabilities = ["openExternal", "tray", "notifications", "startAtLogin", "fileDialogs"] as const;

export type Capability = (typeof capabilities)[number];

export const appInfo = z.object({
  version: z.string(),
  platform: z.enum(["linux", "darwin", "win32"]),
  capabilities: z.array(z.enum(capabilities)),
  /** The folder that holds all state. */
  home: z.string(),
  /** What `--engine` was given; it goes before the setting until the app ends. */
  engineOption: z.string().optional(),
});

export type AppInfo = z.infer<typeof appInfo>;

export const app = {
  info: call(nothing, appInfo),
  /** Opens https, or http to this machine's ports, in the user's browser. Errors: bad_request, unavailable. */
  openExternal: call(z.object({ url: z.string().max(4096) }), z.object({})),
} as const;
