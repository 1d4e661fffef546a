import { z } from "zod";
import { imageReference } from "./images.ts";
import { nothing } from "./lists.ts";
import { call } from "./rpc/procedure.ts";

/** A registry's host with its port, for example `docker.io` or `registry.example.com:5000`. */
export const registryAddress = z
  .string()
  .max(255)
  .regex(
    /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/,
    "is not a host name with an optional port, for example registry.example.com:5000",
  );

/** Where a login is kept. */
export const credentialPlaces = ["helper", "encrypted", "session", "plain_config"] as const;

export type CredentialPlace = (typeof credentialPlaces)[number];

export const registryLogin = z.object({
  user: z.string(),
  /** `plain_config` is base64 in Docker's config.json, which anybody who reads the file can undo. */
  place: z.enum(credentialPlaces),
  /** Name of the helper, for example `secretservice`, or the path of config.json. */
  detail: z.string(),
});

export const registry = z.object({
  address: registryAddress,
  /** Added by the user; others are known by their logins. */
  saved: z.boolean(),
  /** The user allowed plain http and unknown certificates for it. */
  insecure: z.boolean(),
  login: registryLogin.optional(),
});

export type Registry = z.infer<typeof registry>;

/** Where a new login would be kept, to be told before the password is typed. */
export const credentialKeeper = z.object({ place: z.enum(["helper", "encrypted", "session"]), detail: z.string() });

const target = z.object({ address: registryAddress });
const done = z.object({});

const searchResult = z.object({
  name: z.string(),
  description: z.string(),
  stars: z.int(),
  official: z.boolean(),
});

export const registries = {
  /** Docker Hub, those the user added, and those with a login. `warnings` tell of files that could not be read. */
  list: call(nothing, z.object({ registries: z.array(registry), warnings: z.array(z.string()) })),
  /** Where a login to this registry would be kept. */
  keeper: call(target, credentialKeeper),
  /** Adds one, or changes whether it may be insecure. */
  save: call(target.extend({ insecure: z.boolean() }), done),
  /** Forgets one and its login, where Longshore keeps that. */
  remove: call(target, done),
  /** Checks with the registry and keeps the login. Errors: permission (refused), unavailable. */
  login: call(
    target.extend({ user: z.string().min(1).max(1_024), password: z.string().min(1).max(65_536) }),
    credentialKeeper,
  ),
  /** Errors: not_found where there is none; conflict where it stands in config.json, which is not ours. */
  logout: call(target, done),
  /** Asks the registry with the kept login. Errors: permission, unavailable. */
  test: call(target, z.object({ summary: z.string() })),
  /** Repositories that the registry lists. Errors: permission; conflict where it does not list any. */
  repositories: call(target, z.object({ repositories: z.array(z.string()), more: z.boolean() })),
  /** Tags of a repository, newest name first. Errors: not_found, permission, unavailable. */
  tags: call(z.object({ reference: imageReference }), z.object({ tags: z.array(z.string()), more: z.boolean() })),
  /** Searches Docker Hub through the engine. Errors: unavailable where the engine cannot reach it. */
  search: call(z.object({ term: z.string().min(1).max(256) }), z.object({ results: z.array(searchResult) })),
} as const;
