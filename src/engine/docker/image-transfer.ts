import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { TaskHandle } from "../tasks/running-task.ts";
import type { Blocks } from "./blocks.ts";
import { noDeadlineMs } from "./http.ts";
import { layerItem } from "./layer-progress.ts";
import { type EngineMessage, readMessages } from "./message-stream.ts";
import type { Session } from "./session.ts";
import { type TransferFacts, toTransferError } from "./transfer-errors.ts";

/** Base64 of the credentials' JSON, as the engine wants it in `X-Registry-Auth`. */
export type RegistryAuthHeader = string;

interface Transfer {
  readonly session: Session;
  readonly task: TaskHandle;
  /** Full name of the repository, with the registry's host. */
  readonly repository: string;
  readonly tag: string;
  readonly auth: RegistryAuthHeader;
  readonly facts: TransferFacts;
}

/** Reads a stream to its end, showing each layer; gives the last line that was about none. */
async function follow(
  response: IncomingMessage,
  task: TaskHandle,
  see?: (message: EngineMessage) => void,
): Promise<void> {
  for await (const message of readMessages(response)) {
    see?.(message);
    const item = layerItem(message);
    if (item) task.item(item.id, item.change);
    else if (message.status) task.report({ activity: message.status });
  }
}

/** Runs a transfer; what it throws is `AppError`, in the words for this transfer. */
async function mapped<T>(facts: TransferFacts, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toTransferError(error, facts);
  }
}

/** `POST /images/create`. Ends once the engine has all layers and the tag; an abort cancels it at the engine. */
export function pullImage(transfer: Transfer & { readonly platform?: string | undefined }): Promise<void> {
  const { session, task, repository, tag, auth, facts, platform } = transfer;
  return mapped(facts, async () => {
    const response = await session.http.open({
      about: { verb: "pull", kind: "image", name: facts.subject },
      method: "POST",
      path: "/images/create",
      query: { fromImage: repository, tag, platform },
      headers: auth === "" ? {} : { "x-registry-auth": auth },
      deadlineMs: noDeadlineMs,
      signal: task.signal,
    });
    await follow(response, task);
  });
}

/** `POST /images/{name}/push`. An abort cancels it at the engine. */
export function pushImage({ session, task, repository, tag, auth, facts }: Transfer): Promise<{ digest: string }> {
  return mapped(facts, async () => {
    const response = await session.http.open({
      about: { verb: "push", kind: "image", name: facts.subject },
      method: "POST",
      path: `/images/${encodeURI(repository)}/push`,
      query: { tag },
      // The engine refuses a push without the header, even to an open registry.
      headers: { "x-registry-auth": auth === "" ? Buffer.from("{}").toString("base64url") : auth },
      deadlineMs: noDeadlineMs,
      signal: task.signal,
    });
    let digest = "";
    await follow(response, task, ({ aux }) => {
      if (typeof aux === "object" && aux !== null && "Digest" in aux) digest = String(aux.Digest);
    });
    return { digest };
  });
}

/** `GET /images/get`: a tar with the images and their tags. */
export function openSaved(session: Session, names: readonly string[], signal: AbortSignal): Promise<Blocks> {
  const about = { verb: "save", kind: "image", name: names.join(", ").slice(0, 200) } as const;
  // Names are repeated, which `query` cannot express.
  const path = `/images/get?${new URLSearchParams(names.map((name): [string, string] => ["names", name])).toString()}`;
  return session.http.blocks({ about, path, signal });
}

/** `POST /images/load`; gives what the engine loaded, references or ids. */
export function loadImages(
  session: Session,
  { task, tar, facts }: { task: TaskHandle; tar: Readable; facts: TransferFacts },
): Promise<string[]> {
  return mapped(facts, async () => {
    const response = await session.http.open({
      about: { verb: "load", kind: "image", name: facts.subject },
      method: "POST",
      path: "/images/load",
      query: { quiet: true },
      upload: { stream: tar, contentType: "application/x-tar" },
      deadlineMs: noDeadlineMs,
      signal: task.signal,
    });
    let text = "";
    for await (const { stream } of readMessages(response)) text += stream ?? "";
    return [...text.matchAll(/^Loaded image(?: ID)?: (\S+)$/gm)].map(([, name]) => name ?? "");
  });
}

/** `POST /images/create?fromSrc=-`; gives the id of the new image. */
export function importImage(
  session: Session,
  options: { task: TaskHandle; tar: Readable; repository: string; tag: string; facts: TransferFacts },
): Promise<string> {
  const { task, tar, repository, tag, facts } = options;
  return mapped(facts, async () => {
    const response = await session.http.open({
      about: { verb: "import", kind: "image", name: facts.subject },
      method: "POST",
      path: "/images/create",
      query: { fromSrc: "-", repo: repository, tag },
      upload: { stream: tar, contentType: "application/x-tar" },
      deadlineMs: noDeadlineMs,
      signal: task.signal,
    });
    let id = "";
    for await (const { status } of readMessages(response)) if (status?.startsWith("sha256:")) id = status;
    return id;
  });
}
