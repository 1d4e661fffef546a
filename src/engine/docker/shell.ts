import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { AppError } from "#contract/errors.ts";
import { demultiplex } from "./attach.ts";

/** Answers beyond this belong into an archive stream, not into memory. */
const maxAnswerBytes = 64 * 1024 * 1024;
const defaultDeadlineMs = 60_000;

/** What a script printed, and how it ended. */
export interface ShellAnswer {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ShellOptions {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number;
}

/** Collects one stream up to a mark that nothing but the shell can have printed. */
class UntilMark {
  readonly #chunks: Buffer[] = [];
  #sizeBytes = 0;

  push(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#sizeBytes += bytes.length;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The bytes before and after the mark, where it has come. Looked for at the end alone: it is the last thing. */
  find(mark: Buffer, tailBytes: number): { before: Buffer; after: Buffer } | undefined {
    const last = this.#chunks.at(-1);
    if (!last) return undefined;
    // The mark may be cut: join what it could lie in.
    let tail = last;
    for (let index = this.#chunks.length - 2; index >= 0 && tail.length < tailBytes; index -= 1) {
      tail = Buffer.concat([this.#chunks[index] ?? Buffer.alloc(0), tail]);
    }
    if (tail.indexOf(mark, Math.max(0, tail.length - tailBytes)) < 0) return undefined;
    const all = Buffer.concat(this.#chunks);
    const at = all.lastIndexOf(mark);
    return { before: all.subarray(0, at), after: all.subarray(at + mark.length) };
  }
}

/** Bytes as one word of a POSIX shell script, whatever they are but NUL. */
export function quote(bytes: Buffer | string): Buffer {
  const raw = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  const parts: Buffer[] = [Buffer.from("'")];
  let start = 0;
  for (let at = raw.indexOf(0x27); at >= 0; at = raw.indexOf(0x27, start)) {
    parts.push(raw.subarray(start, at), Buffer.from("'\\''"));
    start = at + 1;
  }
  return Buffer.concat([...parts, raw.subarray(start), Buffer.from("'")]);
}

/** A script of fixed text and quoted bytes: `` sh`cat ${name}` ``. */
export function sh(texts: TemplateStringsArray, ...words: readonly (Buffer | string | number)[]): Buffer {
  const parts = texts.flatMap((text, index) => {
    const word = words[index];
    return word === undefined
      ? [Buffer.from(text)]
      : [Buffer.from(text), quote(String(word) === word ? word : asBytes(word))];
  });
  return Buffer.concat(parts);
}

function asBytes(word: Buffer | string | number): Buffer | string {
  return typeof word === "number" ? String(word) : word;
}

/**
 * One shell that stays open over a hijacked connection and runs scripts one after the other: 1 ms each, where an exec
 * takes 45. Both outputs of a script end with a random mark, so that no file name or content can end them early.
 */
export class PersistentShell {
  readonly #connection: Duplex;
  readonly #onBroken: () => void;
  #last: Promise<unknown> = Promise.resolve();
  #current: { stdout: UntilMark; stderr: UntilMark; check: () => void; fail: (error: AppError) => void } | undefined;
  #broken = false;

  /** `onBroken` is called once, when the connection is of no further use. */
  constructor(connection: Duplex, onBroken: () => void) {
    this.#connection = connection;
    this.#onBroken = onBroken;
    const take = (stream: "stdout" | "stderr") => (bytes: Buffer) => {
      this.#current?.[stream].push(bytes);
      this.#current?.check();
    };
    demultiplex(connection, { onStdout: take("stdout"), onStderr: take("stderr") });
    connection.on("error", () => {});
    connection.once("close", () => this.#break(new AppError("unavailable", "The helper container has ended.")));
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Runs a script; scripts wait for each other. Errors: unavailable, timeout, cancelled (the shell then ends). */
  run(script: Buffer, options: ShellOptions = {}): Promise<ShellAnswer> {
    const answer = this.#last.then(() => this.#run(script, options));
    this.#last = answer.catch(() => {});
    return answer;
  }

  #run(script: Buffer, { signal, deadlineMs = defaultDeadlineMs }: ShellOptions): Promise<ShellAnswer> {
    if (this.#broken) throw new AppError("unavailable", "The helper container has ended.");
    if (signal?.aborted) throw new AppError("cancelled", "Cancelled before it began.");
    return new Promise<ShellAnswer>((resolve, reject) => {
      const mark = Buffer.from(`\n${randomBytes(16).toString("hex")} `);
      const tailBytes = mark.length + 8;
      const [stdout, stderr] = [new UntilMark(), new UntilMark()];
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#current = undefined;
      };
      const fail = (error: AppError): void => {
        settle();
        reject(error);
      };
      const onAbort = (): void => this.#break(new AppError("cancelled", "Cancelled."));
      const timer = setTimeout(() => {
        const seconds = Math.round(deadlineMs / 1000);
        this.#break(new AppError("timeout", `The helper container did not answer within ${seconds} s.`));
      }, deadlineMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      const check = (): void => {
        if (stdout.sizeBytes > maxAnswerBytes) {
          this.#break(new AppError("bad_request", "This is too large to be shown. Download it instead."));
          return;
        }
        const out = stdout.find(mark, tailBytes);
        const error = out?.after.includes(0x0a) && stderr.find(mark, tailBytes);
        if (!out || !error) return;
        settle();
        resolve({
          status: Number(out.after.toString("latin1")),
          stdout: out.before,
          stderr: error.before.toString("utf8").trim(),
        });
      };
      this.#current = { stdout, stderr, check, fail };
      const text = mark.toString("latin1").trim();
      const tail = `\n} </dev/null; printf '\\n${text} %d\\n' $?; printf '\\n${text} ' >&2\n`;
      this.#connection.write(Buffer.concat([Buffer.from("{ "), script, Buffer.from(tail)]));
    });
  }

  /** Ends the connection; the shell in the container ends with its input. */
  end(): void {
    this.#break(new AppError("unavailable", "The helper container was ended."));
  }

  /** A script that was given up still runs: what it prints later must not be taken for the next one's answer. */
  #break(error: AppError): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#current?.fail(error);
    this.#connection.destroy();
    this.#onBroken();
  }
}
