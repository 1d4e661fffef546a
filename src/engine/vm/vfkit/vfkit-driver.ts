import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { promisify } from "node:util";
import { AppError } from "#contract/errors.ts";
import { poll, withDeadline } from "../deadline.ts";
import type { Driver, Guest, GuestSpec, RunRecord } from "../driver.ts";
import { sshLink } from "../guest/ssh-link.ts";
import { isAlive, signalProcess } from "../process/identity.ts";
import { type Launched, launchDetached, watchEnd } from "../process/launch.ts";
import { controlSocket, sshSocket, unusablePath, vfkitArguments } from "./arguments.ts";
import { vfkitControl } from "./control.ts";

const run = promisify(execFile);

/** vfkit over Apple's Virtualization.framework. Cannot suspend. Never run by us: see docs/platforms.md. */
export function vfkitDriver({ program }: { readonly program: string }): Driver {
  return {
    name: "vfkit",
    probe: async () => {
      if (process.platform !== "darwin") return { usable: false, reason: "vfkit runs on macOS alone." };
      const version = await readVersion(program);
      if (version === undefined) return { usable: false, reason: `${program} is not there.` };
      return { usable: true, version, accelerator: "vz", reason: `vfkit ${version}.` };
    },
    start: (spec, signal) => start(program, spec, signal),
    adopt: async (record, { ssh }) => {
      if (!record.process || !(await isAlive(record.process))) return undefined;
      return vfkitGuest(record, { identity: record.process, ended: watchEnd(record.process) }, ssh);
    },
  };
}

async function readVersion(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ["--version"], { timeout: 10_000 });
    return /(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

async function start(program: string, spec: GuestSpec, signal: AbortSignal): Promise<Guest> {
  const bad = unusablePath(spec);
  if (bad !== undefined) throw new AppError("bad_request", `vfkit cannot use the path ${bad}: it holds a comma.`);
  for (const socket of [controlSocket(spec.runDir), sshSocket(spec.runDir)]) await rm(socket, { force: true });
  const child = await launchDetached({
    program,
    args: vfkitArguments(spec),
    log: spec.hypervisorLog,
    cwd: spec.runDir,
  });
  const control = vfkitControl(controlSocket(spec.runDir));
  try {
    const ask = () => control.condition().catch(() => undefined);
    const started = poll(ask, { everyMs: 50, timeoutMs: 15_000, signal, what: "vfkit did not start the machine" });
    const early = child.ended.then((how) =>
      Promise.reject(new AppError("unavailable", `vfkit ended at once (${how}).`)),
    );
    await Promise.race([started, early]);
  } catch (error) {
    await signalProcess(child.identity, "SIGKILL");
    throw error;
  }
  const record: RunRecord = {
    driver: "vfkit",
    name: spec.name,
    process: child.identity,
    runDir: spec.runDir,
    driverVersion: (await readVersion(program)) ?? "unknown",
    accelerator: "vz",
    reason: "Apple's Virtualization.framework.",
  };
  return vfkitGuest(record, child, spec.ssh);
}

function vfkitGuest(record: RunRecord, child: Launched, identity: GuestSpec["ssh"]): Guest {
  const control = vfkitControl(controlSocket(record.runDir));
  const link = sshLink({ identity, transport: () => connect(sshSocket(record.runDir)) });
  const ended = child.ended.then((how) => {
    link.close();
    return how;
  });
  return {
    record,
    link,
    ended,
    release: () => link.close(),
    powerDown: async () => {
      await control.stop();
    },
    kill: async () => {
      await signalProcess(child.identity, "SIGKILL");
      await withDeadline(ended, 10_000, "vfkit did not end");
    },
    condition: () =>
      control.condition().catch(async () => ((await isAlive(child.identity)) ? "hung" : Promise.reject(gone()))),
    abilities: {},
  };
}

function gone(): AppError {
  return new AppError("unavailable", "vfkit has ended.");
}
