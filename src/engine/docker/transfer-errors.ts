import { AppError, type ErrorCode, toAppError } from "#contract/errors.ts";
import { CutStreamError, StreamedError } from "./message-stream.ts";

/** What went wrong between an engine and a registry, for a screen that can offer the next step. */
export type TransferReason =
  | "unauthorised"
  | "not_found"
  | "rate_limit"
  | "tls"
  | "plain_http"
  | "unresolved"
  | "unreachable"
  | "disk_full"
  | "bad_archive"
  | "cut"
  | "platform";

interface Rule {
  readonly pattern: RegExp;
  readonly reason: TransferReason;
  readonly code: ErrorCode;
  /** `registry` is its host, `subject` what was pulled or pushed. */
  readonly words: (facts: { registry: string; subject: string }) => string;
}

/**
 * The engine tells the failures of a transfer in words alone, so here, and only here, they are told apart by them. The
 * first rule that fits counts. (Words of dockerd 20.10 to 28: distribution/errors.go, registry/, pkg/archive.)
 */
const rules: readonly Rule[] = [
  {
    pattern: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    reason: "rate_limit",
    code: "unavailable",
    words: ({ registry }) =>
      `${registry} lets no more pulls through for now (its rate limit). Log in to raise the limit, or try again later.`,
  },
  {
    pattern: /no space left on device|disk quota exceeded/i,
    reason: "disk_full",
    code: "unavailable",
    words: ({ subject }) =>
      `The engine's disk is full, so ${subject} was not written. Prune unused images to make room.`,
  },
  {
    pattern:
      /manifest unknown|manifest for .* not found|name unknown|repository .* not found|no such image|does not exist locally|reference does not exist|: not found$|404 not found/i,
    reason: "not_found",
    code: "not_found",
    words: ({ registry, subject }) => `${registry} has no ${subject}. Check the name and the tag.`,
  },
  {
    pattern: /no matching manifest|does not match the specified platform|no match for platform/i,
    reason: "platform",
    code: "not_found",
    words: ({ registry, subject }) => `${registry} has ${subject}, but not for this platform. Choose another platform.`,
  },
  {
    pattern:
      /unauthorized|authentication required|no basic auth credentials|denied|insufficient_scope|incorrect username or password|\b40[13]\b/i,
    reason: "unauthorised",
    code: "permission",
    words: ({ registry, subject }) =>
      `${registry} does not let you use ${subject}: it may be private, or not exist. Log in to ${registry} and try again.`,
  },
  {
    // To a registry on its own machine the engine tries http once https has failed, and tells of the second failure alone;
    // that the port speaks TLS after all means that the first was a refusal.
    pattern: /Client sent an HTTP request to an HTTPS server/i,
    reason: "unauthorised",
    code: "permission",
    words: ({ registry, subject }) =>
      `${registry} does not let the engine use ${subject}. Log in to ${registry} and try again; if you are logged in, check its TLS certificate.`,
  },
  {
    pattern: /server gave HTTP response to HTTPS client/i,
    reason: "plain_http",
    code: "unavailable",
    words: ({ registry }) =>
      `${registry} speaks plain http, which the engine refuses. Only if you trust the network: add it to "insecure-registries" in the engine's daemon.json.`,
  },
  {
    pattern: /x509|certificate|tls:|TLS handshake|first record does not look like/i,
    reason: "tls",
    code: "unavailable",
    words: ({ registry }) =>
      `The engine does not trust the TLS certificate of ${registry}. Put its authority's certificate at /etc/docker/certs.d/${registry}/ca.crt on the engine's machine.`,
  },
  {
    pattern: /no such host|server misbehaving|temporary failure in name resolution|lookup .* (?:on|i\/o)/i,
    reason: "unresolved",
    code: "unavailable",
    words: ({ registry }) =>
      `The engine cannot resolve the host name of ${registry}. Check the name, and the network of the engine's machine.`,
  },
  {
    pattern:
      /connection refused|no route to host|network is unreachable|i\/o timeout|deadline exceeded|Client\.Timeout|connection reset/i,
    reason: "unreachable",
    code: "unavailable",
    words: ({ registry }) =>
      `The engine cannot reach ${registry}. Check that it runs, and the network and proxy of the engine's machine.`,
  },
  {
    pattern:
      /invalid tar header|unrecognized image format|manifest\.json: no such file|archive\/tar|not a tar|unexpected EOF|invalid character|unsupported compression|no such file or directory/i,
    reason: "bad_archive",
    code: "bad_request",
    words: ({ subject }) => `${subject} is not a complete image archive. Use a tar that \`docker save\` wrote.`,
  },
  {
    pattern: /filesystem layer verification failed|digest|short read|EOF|content-length|size mismatch/i,
    reason: "cut",
    code: "unavailable",
    words: ({ registry, subject }) =>
      `${registry} delivered ${subject} incomplete or damaged; nothing of the broken part was kept. Try again.`,
  },
];

export interface TransferFacts {
  /** For example `pull`. */
  readonly verb: string;
  readonly subject: string;
  /** Host of the registry; empty for transfers with a file. */
  readonly registry: string;
}

const archiveReasons = new Set<TransferReason>(["bad_archive", "disk_full"]);

function ruleFor(text: string, { registry }: TransferFacts): Rule | undefined {
  const isFile = registry === "";
  return rules.find(
    ({ pattern, reason }) => (isFile ? archiveReasons.has(reason) : reason !== "bad_archive") && pattern.test(text),
  );
}

function fromWords(text: string, facts: TransferFacts, cause: unknown): AppError {
  const rule = ruleFor(text, facts);
  const registry = facts.registry === "docker.io" ? "Docker Hub" : facts.registry;
  if (!rule) {
    return new AppError("unavailable", `Could not ${facts.verb} ${facts.subject}: ${text}`, { cause });
  }
  const data = { reason: rule.reason, registry: facts.registry, detail: text.slice(0, 1_000) };
  return new AppError(rule.code, rule.words({ registry, subject: facts.subject }), { cause, data });
}

/** The mapping from what a transfer's stream or its refusal says to `AppError`. */
export function toTransferError(error: unknown, facts: TransferFacts): AppError {
  if (error instanceof StreamedError) return fromWords(error.message, facts, error);
  if (error instanceof CutStreamError) {
    const message = `The engine stopped during the ${facts.verb} of ${facts.subject}. Parts that were complete are kept; nothing half-made is. Try again.`;
    return new AppError("unavailable", message, { cause: error, data: { reason: "engine_lost" } });
  }
  const failure = toAppError(error);
  const { cause } = failure;
  // A refusal before the stream began; the sentence of the engine is the cause's.
  if (cause instanceof Error && cause.name === "StatusError") return fromWords(cause.message, facts, error);
  return failure;
}
