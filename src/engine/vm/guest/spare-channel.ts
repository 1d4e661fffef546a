import type { Duplex } from "node:stream";

/** dockerd ends a connection on which nothing was asked after some minutes; a spare one is given up before that. */
const keptMs = 60_000;
/** Opened at once, the next one would delay the answer for which the present one was taken. */
const refillAfterMs = 50;

/**
 * Holds one connection that is open already, so that a client does not wait for the way into the guest: half
 * of what a `/_ping` takes under emulation.
 */
export function spareChannel<Channel extends Duplex>(open: () => Promise<Channel>) {
  let spare: Promise<Channel | undefined> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const drop = () => {
    clearTimeout(timer);
    const dropped = spare;
    spare = undefined;
    void dropped?.then((channel) => channel?.destroy());
  };
  const prepare = () => {
    const forget = () => {
      if (spare === opening) spare = undefined;
    };
    const opening = open().then(
      (channel) => {
        channel.once("close", forget);
        channel.once("end", forget);
        return channel;
      },
      () => {
        forget();
        return undefined;
      },
    );
    spare = opening;
    timer = setTimeout(drop, keptMs).unref();
  };
  return {
    /** The spare connection, for one use, also where it is just being opened; undefined where there is none. */
    take: async (): Promise<Channel | undefined> => {
      const taken = spare;
      clearTimeout(timer);
      spare = undefined;
      const channel = await taken;
      return channel?.destroyed || channel?.readableEnded ? undefined : channel;
    },
    /** Opens the next one in the background, a moment after the last use. */
    refill: (): void => {
      if (spare) return;
      clearTimeout(timer);
      timer = setTimeout(prepare, refillAfterMs).unref();
    },
    drop,
  };
}
