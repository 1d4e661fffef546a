import type { Duplex } from "node:stream";

/** dockerd ends a connection on which nothing was asked after some minutes; a spare one is given up before that. */
const keptMs = 60_000;

/**
 * Holds one connection that is open already, so that a client does not wait for the way into the guest: half
 * of what a `/_ping` takes under emulation.
 */
export function spareChannel<Channel extends Duplex>(open: () => Promise<Channel>) {
  let spare: Channel | undefined;
  let opening = false;
  /** The one that is being opened is not wanted any more. */
  let unwanted = false;
  let expiry: NodeJS.Timeout | undefined;
  const drop = () => {
    unwanted = opening;
    clearTimeout(expiry);
    spare?.destroy();
    spare = undefined;
  };
  const keep = (channel: Channel) => {
    if (unwanted) {
      channel.destroy();
      return;
    }
    spare = channel;
    const forget = () => {
      if (spare === channel) spare = undefined;
    };
    channel.once("close", forget);
    channel.once("end", forget);
    expiry = setTimeout(drop, keptMs).unref();
  };
  return {
    /** The spare connection, for one use; undefined where there is none. */
    take: (): Channel | undefined => {
      const taken = spare;
      clearTimeout(expiry);
      spare = undefined;
      return taken?.destroyed || taken?.readableEnded ? undefined : taken;
    },
    /** Opens the next one in the background. */
    refill: (): void => {
      if (opening || spare) return;
      opening = true;
      open()
        .then(keep, () => undefined)
        .finally(() => {
          opening = false;
          unwanted = false;
        });
    },
    drop,
  };
}
