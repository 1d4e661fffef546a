import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Duplex } from "node:stream";
import type { Address } from "./address.ts";

type SshAddress = Extract<Address, { kind: "ssh" }>;

/** The arguments behind `ssh`: an argv, never a shell line here; what runs there is a fixed command. */
export function sshArguments({ hostname, user, port, socket }: SshAddress): string[] {
  const remote = socket ? ["docker", "--host", `unix://${socket}`] : ["docker"];
  return [
    // No prompts: there is no terminal to answer them, so a missing key or an unknown host must fail at once.
    "-T",
    "-oBatchMode=yes",
    "-oConnectTimeout=10",
    "-oServerAliveInterval=10",
    ...(user ? ["-l", user] : []),
    ...(port ? ["-p", String(port)] : []),
    "--",
    hostname,
    ...remote,
    "system",
    "dial-stdio",
  ];
}

/** One connection to an engine behind ssh, with what node:http expects of a socket. */
export class SshStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #complaint = "";

  constructor(address: SshAddress) {
    super();
    this.#child = spawn("ssh", sshArguments(address), { stdio: "pipe", windowsHide: true });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) this.#child.stdout.pause();
    });
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#complaint = `${this.#complaint}${chunk.toString("utf8")}`.slice(-1000);
    });
    this.#child.stdin.on("error", () => {});
    this.#child.on("error", (error) => this.destroy(error));
    this.#child.on("close", (exitCode) => {
      if (exitCode === 0) this.push(null);
      else this.destroy(new Error(this.#complaint.trim() || `ssh ended with code ${exitCode ?? "none"}`));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, (error) => {
      // A broken pipe says less than ssh itself, whose end and complaint come right after it.
      if (!error) done();
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  // node:http calls these on every socket that it keeps; a pipe to a process has no use for them.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    this.#child.ref();
    return this;
  }
  unref(): this {
    this.#child.unref();
    return this;
  }
}
