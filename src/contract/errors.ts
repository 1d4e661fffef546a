/** Every way in which a procedure can fail; the set is closed, so that a screen can answer each. */
export const errorCodes = [
  "bad_request",
  "not_found",
  "conflict",
  "permission",
  "unavailable",
  "timeout",
  "cancelled",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

interface AppErrorOptions {
  readonly cause?: unknown;
  /** Facts that a screen may use, for example `{ id }` of an internal error. */
  readonly data?: Record<string, unknown>;
}

/** The one error type of the product. `message` says what happened, to what, and what to do next. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly data: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data;
  }
}

/** True for the error that a cancelled call or stream ends with; it is never shown to a user. */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === "cancelled";
}

/** Any thrown value as an `AppError`; what is not one already becomes `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("internal", message, { cause: error });
}
