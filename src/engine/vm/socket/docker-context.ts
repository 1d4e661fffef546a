import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const contextName = "longshore";
const description = "Longshore's own engine";

/**
 * Creates or corrects the docker CLI's context `longshore`. Returns a notice where that failed; a machine
 * without the docker CLI needs no context. The context in use is never changed.
 */
export async function ensureDockerContext(socket: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const host = `host=${socketUrl(socket)}`;
  const known = await docker(["context", "inspect", contextName, "--format", "{{.Endpoints.docker.Host}}"], env);
  if (known.missing) return undefined;
  if (known.ok && known.text === socketUrl(socket)) return undefined;
  const verb = known.ok ? "update" : "create";
  const done = await docker(["context", verb, contextName, "--description", description, "--docker", host], env);
  return done.ok ? undefined : `The docker context "${contextName}" could not be made: ${done.text}`;
}

/** Removes the context if it is ours; nothing happens where it is not there. */
export async function removeDockerContext(env: NodeJS.ProcessEnv): Promise<void> {
  // A template cannot name the description: the CLI keeps it in a type that only its JSON shows.
  const known = await docker(["context", "inspect", contextName], env);
  if (known.ok && descriptionIn(known.text) === description)
    await docker(["context", "rm", "--force", contextName], env);
}

const inspected = z.array(z.object({ Metadata: z.object({ Description: z.string().optional() }) }));

function descriptionIn(text: string): string | undefined {
  try {
    return inspected.parse(JSON.parse(text))[0]?.Metadata.Description;
  } catch {
    return undefined;
  }
}

/** Address of the socket for `DOCKER_HOST`. */
export function socketUrl(socket: string): string {
  return socket.startsWith("\\\\") ? `npipe://${socket.replaceAll("\\", "/")}` : `unix://${socket}`;
}

async function docker(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ ok: boolean; text: string; missing: boolean }> {
  try {
    const { stdout } = await run("docker", args, { env, timeout: 15_000 });
    return { ok: true, text: stdout.trim(), missing: false };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }; // What execFile rejects with.
    return { ok: false, text: (stderr ?? "").trim(), missing: code === "ENOENT" };
  }
}
