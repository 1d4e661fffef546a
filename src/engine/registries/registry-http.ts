import { type IncomingMessage, type OutgoingHttpHeaders, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { AppError } from "#contract/errors.ts";

const deadlineMs = 15_000;
/** A page of a thousand tags is far smaller. */
const maxBodyBytes = 8 << 20;

export interface RegistryAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Trust {
  /** PEM of authorities besides the system's. */
  readonly ca: readonly Buffer[];
  /** Any certificate will do. */
  readonly insecure: boolean;
}

interface RegistryRequest {
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly trust: Trust;
  readonly signal: AbortSignal;
}

async function readBody(response: IncomingMessage, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) {
      response.destroy();
      throw new AppError(
        "unavailable",
        `${host} sends more than a registry's answer may hold; it was not read further.`,
      );
    }
    chunks.push(chunk);
  }
  if (!response.complete) throw new AppError("unavailable", `${host} cut its answer in the middle. Try again.`);
  return Buffer.concat(chunks).toString("utf8");
}

/** One GET, without following redirects. What it throws besides `AppError` is Node's own error. */
export function getOnce({ url, headers, trust, signal }: RegistryRequest): Promise<RegistryAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? tlsRequest : plainRequest;
    const tls = trust.insecure ? { rejectUnauthorized: false } : trust.ca.length > 0 ? { ca: [...trust.ca] } : {};
    const both = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const outgoing = send(url, { headers, signal: both, agent: false, ...tls }, (response) => {
      readBody(response, url.host).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** True where the other side does not speak TLS at all. */
export function isNoTls(error: unknown): boolean {
  return /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|RECORD)|^EPROTO$/.test(codeOf(error));
}

/** What went wrong on the way to a registry, in plain words. */
export function toRegistryError(error: unknown, host: string, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const failed = (reason: string, message: string): AppError =>
    new AppError("unavailable", message, { cause: error, data: { reason, registry: host } });
  if (signal.aborted) return new AppError("cancelled", `Cancelled: ask ${host}.`, { cause: error });
  if (error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError")) {
    return new AppError(
      "timeout",
      `${host} did not answer within ${deadlineMs / 1000} s. Check the address and the network.`,
    );
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return failed("unresolved", `The host name of ${host} cannot be resolved. Check the address and the network.`);
  }
  if (isNoTls(error)) {
    return failed("plain_http", `${host} does not speak TLS. Only if you trust the network, mark it as insecure.`);
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    const message = `The TLS certificate of ${host} is not trusted (${code}). Put its authority's certificate at certs.d/${host}/ca.crt in Docker's folder, or mark the registry as insecure.`;
    return failed("tls", message);
  }
  if (code === "ECONNREFUSED")
    return failed("unreachable", `Nothing answers at ${host}. Check that the registry runs.`);
  return failed(
    "unreachable",
    `${host} cannot be reached (${code || "the connection failed"}). Check the address and the network.`,
  );
}
