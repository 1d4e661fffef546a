/** An image reference taken apart, by the grammar of https://github.com/distribution/reference. */
export interface ImageReference {
  /** Registry's host with its port; `docker.io` where none is written. */
  readonly domain: string;
  /** Repository within the registry, for example `library/alpine`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

export type ReferenceResult =
  | { readonly ok: true; readonly reference: ImageReference }
  /** One sentence on what is wrong. */
  | { readonly ok: false; readonly problem: string };

const hubDomain = "docker.io";
const longestRepository = 255;

const domainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domainPattern = new RegExp(`^(?:${domainComponent}(?:\\.${domainComponent})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** The grammar knows more, but an engine takes only the algorithms that it can check, in their full length. */
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const wholeId = /^[0-9a-f]{64}$/;

function wrong(problem: string): ReferenceResult {
  return { ok: false, problem };
}

/** Only what holds a dot or a colon, is `localhost` or has capitals can be a host; all else is part of the path. */
function isDomain(first: string): boolean {
  return /[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first;
}

function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  if (slash === -1 || !isDomain(first)) {
    return { domain: hubDomain, path: name.includes("/") ? name : `library/${name}` };
  }
  const path = name.slice(slash + 1);
  if (first !== hubDomain && first !== "index.docker.io") return { domain: first, path };
  return { domain: hubDomain, path: path.includes("/") ? path : `library/${path}` };
}

function problemOfPath(path: string): string | undefined {
  for (const component of path.split("/")) {
    if (component === "") return "A name has nothing before, between or after two slashes.";
    if (componentPattern.test(component)) continue;
    if (/[A-Z]/.test(component)) return `"${component}" has capital letters; a repository is written in small ones.`;
    if (/\s/.test(component)) return "A reference has no spaces.";
    return `"${component}" is no part of a repository: it takes a-z, 0-9, and . _ __ - between them.`;
  }
  return undefined;
}

/** The last colon starts a tag only behind the last slash: before it, it is a port. */
function splitTag(text: string): { name: string; tag: string | undefined } {
  const colon = text.lastIndexOf(":");
  if (colon === -1 || colon < text.lastIndexOf("/")) return { name: text, tag: undefined };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** Reads `[host[:port]/]repository[:tag][@digest]` as Docker does; short names belong to Docker Hub. */
export function parseImageReference(text: string): ReferenceResult {
  if (text === "") return wrong("Type a name, for example alpine:3.20 or registry.example.com/team/app:1.0.");
  if (wholeId.test(text)) return wrong("This is an image id; a name is needed here.");
  const at = text.indexOf("@");
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const { name, tag } = splitTag(at === -1 ? text : text.slice(0, at));
  if (digest !== undefined && !digestPattern.test(digest)) {
    return wrong("Behind @ comes a digest, for example sha256: and 64 hexadecimal digits.");
  }
  if (tag !== undefined && !tagPattern.test(tag)) {
    return wrong(`"${tag}" is no tag: at most 128 of a-z A-Z 0-9 _ . - and not starting with . or -`);
  }
  const { domain, path } = splitDomain(name);
  if (!domainPattern.test(domain)) return wrong(`"${domain}" is no host name of a registry.`);
  const problem = problemOfPath(path);
  if (problem) return wrong(problem);
  if (`${domain}/${path}`.length > longestRepository) {
    return wrong(`A name may have ${longestRepository} characters at most.`);
  }
  const parts = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
  return { ok: true, reference: { domain, path, ...parts } };
}

/** The repository as people write it: `alpine`, `team/app`, `registry.example.com/team/app`. */
export function familiarRepository({ domain, path }: ImageReference): string {
  if (domain !== hubDomain) return `${domain}/${path}`;
  return path.startsWith("library/") ? path.slice("library/".length) : path;
}

/** The whole reference as people write it; without tag and digest it means `latest`. */
export function familiarReference(reference: ImageReference): string {
  const { tag, digest } = reference;
  const name = familiarRepository(reference);
  if (digest !== undefined) return `${name}${tag === undefined ? "" : `:${tag}`}@${digest}`;
  return `${name}:${tag ?? "latest"}`;
}
