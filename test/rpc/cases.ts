import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { AppError, createClient, type Port, serve } from "#contract";
import { call, servedAreas, stream } from "#contract/rpc/procedure.ts";

/** Two connected ports and a way to end them. */
export interface Link {
  readonly server: Port;
  readonly client: Port;
  close(): Promise<void>;
}

const contract = {
  math: {
    double: call(z.object({ value: z.number() }), z.object({ value: z.number() })),
    lie: call(z.object({}), z.object({ value: z.number() })),
    fail: call(z.object({ how: z.enum(["known", "unknown"]) }), z.object({})),
    hang: call(z.object({}), z.object({})),
    echo: call(
      z.object({ bytes: z.instanceof(Uint8Array), label: z.json() }),
      z.object({ bytes: z.instanceof(Uint8Array), label: z.json() }),
    ),
    count: stream(z.object({ to: z.number() }), z.object({ value: z.number() })),
    lieLater: stream(z.object({}), z.object({ value: z.number() })),
    stuck: stream(z.object({}), z.object({})),
  },
} as const;

/** Waits until the source has done so much, which it does a moment later. */
const until = (source: Source, done: Partial<Source>): Promise<void> => expect.poll(() => source).toMatchObject(done);

/** What the source did, seen from outside. */
interface Source {
  produced: number;
  ended: number;
  aborted: number;
  internal: string[];
}

function start(link: Link) {
  const source: Source = { produced: 0, ended: 0, aborted: 0, internal: [] };
  const watchAbort = (signal: AbortSignal): void =>
    signal.addEventListener("abort", () => {
      source.aborted += 1;
    });
  const areas = servedAreas(contract, {
    math: {
      double: ({ value }) => ({ value: value * 2 }),
      lie: () => ({ value: "seven" }) as never,
      fail: ({ how }) => {
        if (how === "known") throw new AppError("conflict", "web is running", { data: { name: "web" } });
        throw new Error("secret detail");
      },
      hang: (_input, signal) => {
        watchAbort(signal);
        return new Promise<never>(() => {});
      },
      echo: ({ bytes, label }) => ({ bytes, label }),
      count: async function* ({ to }, signal) {
        watchAbort(signal);
        try {
          for (let value = 0; value < to; value += 1) {
            source.produced += 1;
            yield { value };
          }
        } finally {
          source.ended += 1;
        }
      },
      lieLater: async function* () {
        yield { value: 1 };
        yield { value: "two" } as never;
      },
      stuck: (_input, signal) => {
        watchAbort(signal);
        return { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
      },
    },
  });
  serve(areas, {
    port: link.server,
    onInternalError: (error) => {
      source.internal.push(String(error));
      return "e-1";
    },
  });
  return { source, client: createClient(contract, link.client) };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  if (!(error instanceof AppError)) throw new Error("not an AppError");
  return error;
}

/** The behaviour that the contract promises, whatever carries it. */
export function rpcCases(connect: () => Promise<Link>): void {
  const links: Link[] = [];
  const open = async () => {
    const link = await connect();
    links.push(link);
    return { link, ...start(link) };
  };
  afterEach(async () => {
    await Promise.all(links.splice(0).map((link) => link.close()));
  });

  test("a call answers", async () => {
    const { client } = await open();
    expect(await client.math.double({ value: 21 })).toEqual({ value: 42 });
  });

  test("calls in flight at once get their own answers", async () => {
    const { client } = await open();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, value) => client.math.double({ value })));
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 100 }, (_, value) => value * 2));
  });

  test("a stream delivers all items in order and ends", async () => {
    const { client, source } = await open();
    const values: number[] = [];
    for await (const { value } of client.math.count({ to: 500 })) values.push(value);
    expect(values).toEqual(Array.from({ length: 500 }, (_, index) => index));
    await until(source, { ended: 1 });
  });

  test("a slow consumer never lets the producer run more than its window ahead", async () => {
    const { client, source } = await open();
    let consumed = 0;
    for await (const _ of client.math.count({ to: 200 })) {
      if (consumed % 40 === 0) await settle();
      // 16 in flight and the one in the consumer's hands.
      expect(source.produced - consumed).toBeLessThanOrEqual(17);
      consumed += 1;
    }
    expect(consumed).toBe(200);
  });

  test("leaving the loop stops the producer", async () => {
    const { client, source } = await open();
    for await (const { value } of client.math.count({ to: 1e9 })) if (value === 3) break;
    await until(source, { ended: 1, aborted: 1 });
    const { produced } = source;
    await settle();
    expect(source.produced).toBe(produced);
  });

  test("an abort stops the producer and ends the loop as cancelled", async () => {
    const { client, source } = await open();
    const controller = new AbortController();
    const loop = (async () => {
      for await (const { value } of client.math.count({ to: 1e9 }, { signal: controller.signal })) {
        if (value === 5) controller.abort();
      }
    })();
    expect((await failure(loop)).code).toBe("cancelled");
    await until(source, { ended: 1, aborted: 1 });
  });

  test("an abort reaches a call, and a source that never answers", async () => {
    const { client, source } = await open();
    const controller = new AbortController();
    const hanging = failure(client.math.hang({}, { signal: controller.signal }));
    const stuck = failure(
      (async () => {
        for await (const _ of client.math.stuck({}, { signal: controller.signal })) expect.unreachable();
      })(),
    );
    await settle();
    controller.abort();
    expect([(await hanging).code, (await stuck).code]).toEqual(["cancelled", "cancelled"]);
    await until(source, { aborted: 2 });
  });

  test("a closed port stops the producer and fails what is open", async () => {
    const { client, link, source } = await open();
    const hanging = failure(client.math.hang({}));
    const loop = failure(
      (async () => {
        for await (const { value } of client.math.count({ to: 1e9 })) if (value === 3) link.client.close();
      })(),
    );
    expect([(await hanging).code, (await loop).code]).toEqual(["unavailable", "unavailable"]);
    await until(source, { ended: 1, aborted: 2 });
    expect((await failure(client.math.double({ value: 1 }))).code).toBe("unavailable");
  });

  test("known errors arrive with code, message and data; unknown ones with an id and no detail", async () => {
    const { client, source } = await open();
    const known = await failure(client.math.fail({ how: "known" }));
    expect(known).toMatchObject({ code: "conflict", message: "web is running", data: { name: "web" } });
    const unknown = await failure(client.math.fail({ how: "unknown" }));
    expect(unknown).toMatchObject({ code: "internal", data: { id: "e-1" } });
    expect(unknown.message).not.toContain("secret detail");
    expect(source.internal).toEqual(["Error: secret detail"]);
  });

  test("an invalid input is refused with its place", async () => {
    const { client } = await open();
    const error = await failure(client.math.double({ value: "x" as never }));
    expect(error.code).toBe("bad_request");
    expect(error.message).toContain('math.double is invalid at "value"');
  });

  test("an answer or item outside the contract never reaches the screen", async () => {
    const { client, source } = await open();
    expect((await failure(client.math.lie({}))).code).toBe("internal");
    const seen: number[] = [];
    const loop = (async () => {
      for await (const { value } of client.math.lieLater({})) seen.push(value);
    })();
    expect((await failure(loop)).code).toBe("internal");
    expect(seen).toEqual([1]);
    expect(source.internal).toHaveLength(2);
  });

  test("bytes arrive as bytes, beside data that looks like a mark of the codec", async () => {
    const { client } = await open();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const label = { message: null, parts: [{ path: ["__proto__"], length: 3 }], $bytes: 0 };
    const answer = await client.math.echo({ bytes, label });
    expect(answer.bytes).toBeInstanceOf(Uint8Array);
    expect([...answer.bytes]).toEqual([...bytes]);
    expect(answer.label).toEqual(label);
  });

  test.each(["math.nothing", "__proto__.toString", "math.__proto__", "math.constructor", "math", "", "math.double.x"])(
    "the unknown procedure %j is refused",
    async (procedure) => {
      const { link } = await open();
      const answer = new Promise((resolve) => link.client.onMessage(resolve));
      link.client.send({ type: "open", id: 7, procedure, input: {}, credit: 1 });
      expect(await answer).toMatchObject({ type: "error", id: 7, error: { code: "bad_request" } });
    },
  );

  test("an invalid envelope is dropped and the connection goes on", async () => {
    const { client, link, source } = await open();
    const hostile: unknown[] = [
      null,
      "text",
      [],
      { type: "open" },
      { type: "open", id: -1, procedure: "math.double", input: {}, credit: 1 },
      { type: "open", id: 900, procedure: "math.count", input: { to: 5 }, credit: 1e9 },
      { type: "open", id: 901, procedure: "math.double", input: {}, credit: 1, extra: true },
      { type: "credit", id: 902, count: -5 },
      JSON.parse('{"type":"open","__proto__":{"id":1},"procedure":"math.double"}'),
    ];
    for (const message of hostile) link.client.send(message);
    expect(await client.math.double({ value: 1 })).toEqual({ value: 2 });
    expect(source).toMatchObject({ produced: 0, internal: [] });
  });

  test("an id that is in use is refused and the first request goes on", async () => {
    const { link } = await open();
    const answers: unknown[] = [];
    link.client.onMessage((message) => answers.push(message));
    link.client.send({ type: "open", id: 5, procedure: "math.count", input: { to: 2 }, credit: 0 });
    link.client.send({ type: "open", id: 5, procedure: "math.double", input: { value: 1 }, credit: 0 });
    await expect.poll(() => answers).toMatchObject([{ type: "error", id: 5, error: { code: "bad_request" } }]);
    link.client.send({ type: "credit", id: 5, count: 3 });
    await expect
      .poll(() => answers.slice(1))
      .toMatchObject([{ value: { value: 0 } }, { value: { value: 1 } }, { type: "end" }]);
  });
}
