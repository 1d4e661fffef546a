import type { z } from "zod";

/** A request with one answer. */
export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: "call";
  readonly input: Input;
  readonly output: Output;
}

/** A request with any number of answers, which ends when the handler ends or the client leaves. */
export interface Stream<Input extends z.ZodType = z.ZodType, Item extends z.ZodType = z.ZodType> {
  readonly kind: "stream";
  readonly input: Input;
  readonly item: Item;
}

export type Procedure = Call | Stream;

/** Procedures by area and name; on the wire a procedure is called `area.name`. */
export type Contract = Readonly<Record<string, Readonly<Record<string, Procedure>>>>;

export function call<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): Call<Input, Output> {
  return { kind: "call", input, output };
}

export function stream<Input extends z.ZodType, Item extends z.ZodType>(input: Input, item: Item): Stream<Input, Item> {
  return { kind: "stream", input, item };
}

type Handler<P> =
  P extends Call<infer I, infer O>
    ? (input: z.output<I>, signal: AbortSignal) => Promise<z.input<O>> | z.input<O>
    : P extends Stream<infer I, infer T>
      ? (input: z.output<I>, signal: AbortSignal) => AsyncIterable<z.input<T>>
      : never;

type AreaHandlers<Procedures> = { readonly [N in keyof Procedures]: Handler<Procedures[N]> };

/** What the engine side provides: one function a procedure. Stream handlers honour `signal`. */
export type Handlers<C> = { readonly [A in keyof C]: AreaHandlers<C[A]> };

export interface RequestOptions {
  /** Cancels at the source; the call or the loop then throws `cancelled`. */
  readonly signal?: AbortSignal | undefined;
}

type Method<P> =
  P extends Call<infer I, infer O>
    ? (input: z.input<I>, options?: RequestOptions) => Promise<z.output<O>>
    : P extends Stream<infer I, infer T>
      ? (input: z.input<I>, options?: RequestOptions) => AsyncIterable<z.output<T>>
      : never;

/** What a screen calls: derived from the contract, so that a new procedure needs no client code. */
export type Client<C> = { readonly [A in keyof C]: { readonly [N in keyof C[A]]: Method<C[A][N]> } };

/** One area as it is served: its procedures, and a handler for each. */
export interface ServedArea<Procedures> {
  readonly procedures: Procedures;
  readonly handlers: AreaHandlers<Procedures>;
}

type SomeOf<Procedures> = { [N in keyof Procedures]: ServedArea<Pick<Procedures, N>> }[keyof Procedures];

/**
 * A contract as it is served. At each request its area is asked for the procedure's name, and gives itself or the part
 * with that name; so it may be loaded at the first request.
 */
export type ServedAreas<C> = { readonly [A in keyof C]: (name: string) => SomeOf<C[A]> | Promise<SomeOf<C[A]>> };

/** A contract all of whose handlers are there. */
export function servedAreas<C extends Contract>(contract: C, handlers: Handlers<C>): ServedAreas<C> {
  const areas = Object.entries(contract).map(([area, procedures]) => [
    area,
    () => ({ procedures, handlers: handlers[area] }),
  ]);
  // Built from the contract's own entries, which is what `ServedAreas<C>` is derived from; the compiler cannot follow that.
  return Object.fromEntries(areas) as ServedAreas<C>;
}
