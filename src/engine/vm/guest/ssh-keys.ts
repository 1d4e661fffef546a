import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SshIdentity } from "../driver.ts";

/** Keys of one machine: the host's own and the guest's, which the host makes so that it knows it beforehand. */
export interface MachineKeys extends SshIdentity {
  /** Line for the guest's `authorized_keys`. */
  readonly authorizedKey: string;
  /** The guest's private key in dropbear's own format. */
  readonly dropbearHostKey: Buffer;
}

/** The keys in `folder`, made at the first call. The folder is private to the user; so are the files. */
export async function loadMachineKeys(folder: string): Promise<MachineKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "keys.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return fromStored(JSON.parse(text) as StoredKeys); // Written below, and by nothing else.
  const made = await makeKeys();
  await writeFile(file, JSON.stringify(made, undefined, 2), { mode: 0o600, flag: "wx" });
  return fromStored(made);
}

interface StoredKeys {
  readonly clientKey: string;
  readonly authorizedKey: string;
  readonly hostKey: string;
  readonly dropbearHostKey: string;
}

function fromStored(stored: StoredKeys): MachineKeys {
  return { ...stored, dropbearHostKey: Buffer.from(stored.dropbearHostKey, "base64") };
}

async function makeKeys(): Promise<StoredKeys> {
  const { default: ssh2 } = await import("ssh2");
  const client = ssh2.utils.generateKeyPairSync("ed25519", { comment: "longshore" });
  const host = generateKeyPairSync("ed25519").privateKey;
  const seed = Buffer.from(host.export({ format: "jwk" }).d ?? "", "base64url");
  const point = Buffer.from(createPublicKey(host).export({ format: "jwk" }).x ?? "", "base64url");
  return {
    clientKey: client.private,
    authorizedKey: client.public,
    hostKey: Buffer.concat([sshString("ssh-ed25519"), sshString(point)]).toString("base64"),
    dropbearHostKey: dropbearKey(seed, point).toString("base64"),
  };
}

/** Dropbear's file for an ed25519 key: the name, then the seed and the public point as one string. */
export function dropbearKey(seed: Buffer, point: Buffer): Buffer {
  return Buffer.concat([sshString("ssh-ed25519"), sshString(Buffer.concat([seed, point]))]);
}

/** A string of RFC 4251: its length in four bytes, then its bytes. */
function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
