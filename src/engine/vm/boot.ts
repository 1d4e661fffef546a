import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "#contract/errors.ts";
import type { MachineRuntime } from "#contract/machine.ts";
import { awaitGuest } from "./await-guest.ts";
import { bootPlan } from "./boot-steps.ts";
import type { LiveMachine, MachineContext } from "./context.ts";
import { cancelled } from "./deadline.ts";
import type { Guest } from "./driver.ts";
import { guestCommands } from "./guest/guest-commands.ts";
import { guestSpec } from "./guest-spec.ts";
import { type GuestImage, listImages, verifyImage } from "./image-store.ts";
import { newRunLogs } from "./run-logs.ts";
import { dockerHttp } from "./socket/docker-http.ts";
import { stepRunner } from "./step-runner.ts";

/** What a boot may do apart from the usual. */
export interface BootOptions {
  /** Boots another disk than the machine's: a copy that is being shrunk. */
  readonly diskId?: string;
  readonly shrinkToBytes?: number;
}

/** Room that a start needs on the host, so that the guest does not stop at its first writes. */
const leastFreeBytes = 300 * 2 ** 20;

/**
 * Boots the guest, step by step, and returns when its Docker answers. The caller has dispatched `start`. When
 * it throws, nothing runs any more.
 */
export async function bootMachine(
  context: MachineContext,
  options: BootOptions,
  signal: AbortSignal,
): Promise<LiveMachine> {
  const { run } = stepRunner(context, bootPlan);
  const image = await run("image", async (report) => {
    await context.provideHypervisor?.(report, signal);
    return readyImage(context, report, signal);
  });
  const diskId = await run("disk", () => readyDisk(context, options));
  const logs = await newRunLogs(context.paths.logs);
  const { guest, reason } = await run("hypervisor", async (report) => {
    const chosen = await context.driver(signal);
    report(chosen.reason);
    const spec = await guestSpec(context, { ...options, image, diskId, logs, driver: chosen.driver.name });
    const guest = await chosen.driver.start(spec, signal);
    report(`${chosen.reason} ${guest.record.reason}`.trim());
    return { guest, reason: chosen.reason };
  });
  try {
    const previous = context.record.current.imageId;
    await context.record.update({
      run: { guest: guest.record, diskId, imageId: image.id, consoleLog: logs.console },
      imageId: image.id,
      ...(previous === undefined || previous === image.id ? {} : { previousImageId: previous }),
    });
    const live = liveMachine(guest, { imageId: image.id, reason, diskId, adopted: false });
    await awaitGuest(context, { guest, docker: live.docker, consoleLog: logs.console }, signal);
    // Only now: a start that was cut off has to check, or to format, again.
    const { newDisk, checkDisk } = context.record.current;
    if (newDisk || checkDisk) await context.record.update({ newDisk: undefined, checkDisk: undefined });
    return live;
  } catch (error) {
    await guest.kill().catch(() => undefined);
    await context.record.update({ run: undefined });
    throw signal.aborted ? cancelled() : error;
  }
}

interface LiveFacts {
  readonly imageId: string;
  readonly reason: string;
  readonly diskId: string;
  readonly adopted: boolean;
}

/** The ways to talk to a guest that runs. */
export function liveMachine(guest: Guest, { imageId, reason, diskId, adopted }: LiveFacts): LiveMachine {
  const { driver, driverVersion, accelerator } = guest.record;
  const runtime: MachineRuntime = {
    driver,
    driverVersion,
    accelerator,
    reason: `${reason} ${guest.record.reason}`.trim(),
    imageId,
    adopted,
  };
  return {
    guest,
    docker: dockerHttp(() => guest.link.dialDocker()),
    commands: guestCommands(guest.link),
    runtime,
    diskId,
  };
}

/** The image of the settings, verified; fetched or built by the source where there is none. */
async function readyImage(
  { paths, images, record, arch }: MachineContext,
  report: (text: string) => void,
  signal: AbortSignal,
): Promise<GuestImage> {
  const wanted = record.current.settings.imageId;
  const choose = async () =>
    (await listImages(paths.images)).find(
      (image) => image.arch === arch && (wanted === undefined || image.id === wanted),
    );
  let image = await choose();
  if (!image) {
    await images.provide(paths.images, report, signal);
    image = await choose();
  }
  if (!image) {
    const which = wanted === undefined ? "No guest image" : `The guest image ${wanted} is not there and none`;
    throw new AppError("not_found", `${which} could be found for ${arch} in ${paths.images}. Fetch or build it.`);
  }
  await verifyImage(image);
  return image;
}

/** The machine's disk; made at the first start. An existing one is only ever grown. */
async function readyDisk({ paths, disks, record }: MachineContext, options: BootOptions): Promise<string> {
  const { bavail, bsize } = await statfs(paths.disks);
  if (bavail * bsize < leastFreeBytes) {
    throw new AppError("unavailable", `No space left on device: ${paths.disks} has less than 300 MB free.`);
  }
  if (options.diskId !== undefined) return options.diskId;
  const { diskId, settings } = record.current;
  if (diskId === undefined) {
    const made = await disks.create(settings.diskBytes);
    await record.update({ diskId: made, newDisk: true });
    return made;
  }
  if (!(await disks.exists(diskId))) {
    const place = join(paths.disks, `${diskId}.raw`);
    throw new AppError(
      "not_found",
      `The data disk ${place} is missing. Put it back, or choose another disk in the settings; nothing was made in its place.`,
    );
  }
  const use = await disks.use(diskId);
  if (use.maxBytes < settings.diskBytes) await disks.grow(diskId, settings.diskBytes);
  return diskId;
}
