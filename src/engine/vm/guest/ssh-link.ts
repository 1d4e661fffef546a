import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { AppError } from "#contract/errors.ts";
import { withDeadline } from "../deadline.ts";
import type { GuestLink, SshIdentity } from "../driver.ts";
import { spareChannel } from "./spare-channel.ts";

interface SshLinkOptions {
  readonly identity: SshIdentity;
  /** Loopback port of the guest's ssh, where the driver gives one. */
  readonly port?: number;
  /** Opens the transport where there is no port: a socket that leads to the guest by vsock. */
  readonly transport?: () => Duplex;
}

const dockerSocket = "/run/docker.sock";

/** Under emulation the first key exchange takes seconds; a hung guest must still be noticed. */
const connectTimeoutMs = 20_000;
const openTimeoutMs = 15_000;

/**
 * One ssh connection into the guest, opened when first needed and again after it broke; each use is a channel
 * of it. The host key is the one that was made for this machine; nothing else is accepted.
 */
export function sshLink(options: SshLinkOptions): GuestLink {
  let current: Promise<Client> | undefined;
  let closed = false;
  const client = (): Promise<Client> => {
    if (closed) return Promise.reject(new AppError("unavailable", "The virtual machine has ended."));
    if (current) return current;
    const opening = connect(options, () => {
      if (current === opening) current = undefined;
    });
    current = opening;
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening;
  };
  const open = async (): Promise<ClientChannel> =>
    withDeadline(openDocker(await client()), openTimeoutMs, "The guest opened no connection");
  const spare = spareChannel(open);
  return {
    dialDocker: async (signal) => {
      const channel = (await spare.take()) ?? (await open());
      spare.refill();
      if (signal?.aborted) channel.destroy();
      else signal?.addEventListener("abort", () => channel.destroy(), { once: true });
      return channel;
    },
    runGuest: async (words, timeoutMs = 15_000) => {
      const connection = await client();
      return withDeadline(execute(connection, words), timeoutMs, `The guest did not answer "${words.join(" ")}"`);
    },
    dropSpare: () => spare.drop(),
    close: () => {
      closed = true;
      spare.drop();
      current?.then(
        (connection) => connection.destroy(),
        () => undefined,
      );
      current = undefined;
    },
  };
}

async function connect({ identity, port, transport }: SshLinkOptions, onClose: () => void): Promise<Client> {
  // Not at the top: half a megabyte that a start without a machine of our own can do without.
  const { default: ssh2 } = await import("ssh2");
  const connection = new ssh2.Client();
  const ready = new Promise<Client>((resolve, reject) => {
    connection.once("ready", () => {
      connection.setNoDelay(true);
      resolve(connection);
    });
    connection.on("error", (cause) => {
      onClose();
      reject(new AppError("unavailable", `The guest cannot be reached: ${cause.message}.`, { cause }));
    });
    connection.once("close", () => {
      onClose();
      reject(new AppError("unavailable", "The guest ended the connection."));
    });
  });
  connection.connect({
    host: "127.0.0.1",
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { sock: transport() }),
    username: "root",
    privateKey: identity.clientKey,
    hostVerifier: (key: Buffer) => key.toString("base64") === identity.hostKey,
    readyTimeout: connectTimeoutMs,
    algorithms: { serverHostKey: ["ssh-ed25519"], cipher: ["chacha20-poly1305@openssh.com", "aes128-ctr"] },
  });
  return ready;
}

function openDocker(connection: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    connection.openssh_forwardOutStreamLocal(dockerSocket, (error, channel) => {
      if (error) reject(new AppError("unavailable", `The guest's Docker does not listen yet: ${error.message}.`));
      else resolve(keepErrorsQuiet(channel));
    });
  });
}

/** A channel that breaks is noticed by its end; an error event without a listener would end the app. */
function keepErrorsQuiet(channel: ClientChannel): ClientChannel {
  channel.on("error", () => channel.destroy());
  return channel;
}

function execute(connection: Client, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.exec(["longshore-guest", ...words].map(quoteWord).join(" "), (error, channel) => {
      if (error) return reject(new AppError("unavailable", `The guest runs no commands: ${error.message}.`));
      const chunks: Buffer[] = [];
      let status: number | null = null;
      channel.on("error", () => channel.destroy());
      channel.on("data", (chunk: Buffer) => chunks.push(chunk));
      channel.stderr.resume();
      channel.on("exit", (code: number | null) => {
        status = code;
      });
      channel.on("close", () => {
        const text = Buffer.concat(chunks).toString("utf8").trim();
        if (status === 0) resolve(text);
        else
          reject(new AppError("internal", `The guest's "${words.join(" ")}" failed: ${text || `status ${status}`}.`));
      });
    });
  });
}

/** One word for the guest's shell. */
export function quoteWord(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
