import { spawn } from "node:child_process";
import { z } from "zod";
import { AppError } from "#contract/errors.ts";
import { keyOf, type Login, registryOf } from "./login.ts";

/** A helper may ask the user to unlock a keychain. */
const helperDeadlineMs = 60_000;
const maxAnswerBytes = 1 << 20;

/** The name goes into the name of a program, so nothing of a path may be in it. */
const helperName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const getAnswer = z.object({ Username: z.string(), Secret: z.string() });
const listAnswer = z.record(z.string(), z.string());

type Command = "get" | "store" | "erase" | "list";

interface Answer {
  readonly code: number;
  readonly text: string;
}

/**
 * A program `docker-credential-NAME` on the path (https://github.com/docker/docker-credential-helpers). Secrets go
 * through its stdin and stdout, never into its arguments.
 */
export class CredentialHelper {
  readonly name: string;
  readonly #env: NodeJS.ProcessEnv;

  /** Errors: bad_request for a name that could lead to another folder. */
  constructor(name: string, env: NodeJS.ProcessEnv) {
    if (!helperName.test(name)) {
      const message = `"${name.slice(0, 80)}" is no name of a credential helper. Correct credsStore or credHelpers in Docker's config.json.`;
      throw new AppError("bad_request", message);
    }
    this.name = name;
    this.#env = env;
  }

  /** Undefined where it keeps none. Errors: unavailable. */
  async get(registry: string): Promise<Login | undefined> {
    const { code, text } = await this.#run("get", keyOf(registry));
    if (code !== 0 && /credentials not found/i.test(text)) return undefined;
    if (code !== 0) throw this.#failed("get", text);
    const { Username: user, Secret: secret } = this.#parse(getAnswer, text);
    return secret === "" ? undefined : { user, secret };
  }

  /** Errors: unavailable. */
  async store(registry: string, { user, secret }: Login): Promise<void> {
    const input = JSON.stringify({ ServerURL: keyOf(registry), Username: user, Secret: secret });
    const { code, text } = await this.#run("store", input);
    if (code !== 0) throw this.#failed("store", text.replaceAll(secret, "[hidden]"));
  }

  /** Errors: unavailable. */
  async erase(registry: string): Promise<void> {
    const { code, text } = await this.#run("erase", keyOf(registry));
    if (code !== 0 && !/credentials not found/i.test(text)) throw this.#failed("erase", text);
  }

  /** Users by registry. Errors: unavailable. */
  async list(): Promise<Map<string, string>> {
    const { code, text } = await this.#run("list", "");
    if (code !== 0) throw this.#failed("list", text);
    const entries = Object.entries(this.#parse(listAnswer, text));
    return new Map(entries.map(([key, user]) => [registryOf(key), user]));
  }

  #failed(command: Command, text: string): AppError {
    const said = text.trim().split("\n")[0]?.slice(0, 200);
    const message = `The credential helper docker-credential-${this.name} failed to ${command}${said ? `: ${said}` : ""}. Try it in a terminal, or choose another in Docker's config.json.`;
    return new AppError("unavailable", message, { data: { helper: this.name } });
  }

  #parse<T extends z.ZodType>(schema: T, text: string): z.output<T> {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      // Not quoted: it may hold the secret.
      throw this.#failed("get", "its answer is not what a credential helper gives");
    }
  }

  #run(command: Command, input: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const program = `docker-credential-${this.name}`;
      const child = spawn(program, [command], {
        env: this.#env,
        stdio: ["pipe", "pipe", "ignore"],
        timeout: helperDeadlineMs,
      });
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > maxAnswerBytes) child.kill("SIGKILL");
        else chunks.push(chunk);
      });
      child.once("error", (cause) => {
        const message = `The credential helper ${program} is not on the path (${(cause as NodeJS.ErrnoException).code ?? "unknown"}). Install it, or take it out of Docker's config.json.`;
        reject(new AppError("unavailable", message, { data: { helper: this.name } }));
      });
      child.once("close", (code) => resolve({ code: code ?? 1, text: Buffer.concat(chunks).toString("utf8") }));
      // A helper that ends without reading is told by its exit code.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  }
}
