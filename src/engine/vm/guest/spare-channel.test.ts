import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { spareChannel } from "./spare-channel.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Channels that open when the test says so. */
function fakeGuest() {
  const asked: PromiseWithResolvers<PassThrough>[] = [];
  const spare = spareChannel(() => {
    const next = Promise.withResolvers<PassThrough>();
    asked.push(next);
    return next.promise;
  });
  return { asked, spare };
}

it("opens one a moment after the last use, and gives it to one", async () => {
  const { asked, spare } = fakeGuest();
  spare.refill();
  await vi.advanceTimersByTimeAsync(30);
  spare.refill();
  await vi.advanceTimersByTimeAsync(30);
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(30);
  const channel = new PassThrough();
  asked[0]?.resolve(channel);
  expect(await spare.take()).toBe(channel);
  expect(await spare.take()).toBeUndefined();
});

it("gives also the one that is just being opened, and none where that fails", async () => {
  const { asked, spare } = fakeGuest();
  spare.refill();
  await vi.advanceTimersByTimeAsync(60);
  const taken = spare.take();
  const channel = new PassThrough();
  asked[0]?.resolve(channel);
  expect(await taken).toBe(channel);
  spare.refill();
  await vi.advanceTimersByTimeAsync(60);
  const second = spare.take();
  asked[1]?.reject(new Error("no way in"));
  expect(await second).toBeUndefined();
});

it("gives none that has ended, has waited too long, or was dropped on its way", async () => {
  const { asked, spare } = fakeGuest();
  const open = async (turn: number) => {
    spare.refill();
    await vi.advanceTimersByTimeAsync(60);
    const channel = new PassThrough();
    asked[turn]?.resolve(channel);
    await vi.advanceTimersByTimeAsync(0);
    return channel;
  };
  (await open(0)).destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect(await spare.take()).toBeUndefined();
  const old = await open(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([old.destroyed, await spare.take()]).toEqual([true, undefined]);
  spare.refill();
  await vi.advanceTimersByTimeAsync(60);
  spare.drop();
  const late = new PassThrough();
  asked[2]?.resolve(late);
  await vi.advanceTimersByTimeAsync(0);
  expect([late.destroyed, await spare.take()]).toEqual([true, undefined]);
});
