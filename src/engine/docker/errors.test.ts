import { describe, expect, test } from "vitest";
import { type About, DeadlineError, StatusError, toEngineError, UnexpectedAnswerError } from "./errors.ts";

const where = "unix:///var/run/docker.sock";
const web = (verb: string, more: Partial<About> = {}): About => ({ verb, kind: "container", name: "web", ...more });
const map = (error: unknown, about: About = web("start")) => toEngineError(error, about, where);

describe("statuses", () => {
  test.each([
    [304, web("stop", { state: "exited" }), "conflict", "web is already stopped."],
    [304, web("start", { state: "running" }), "conflict", "web is already running."],
    [304, web("start"), "conflict", "web is already in that state."],
    [409, web("pause", { state: "exited" }), "conflict", "web is not running, so it cannot be paused. Start it first."],
    [500, web("unpause", { state: "running" }), "conflict", "web is not paused."],
    [404, web("inspect"), "not_found", 'There is no container "web" any more. It may have been removed meanwhile.'],
    [400, web("start"), "bad_request", "Could not start web: because."],
    [403, web("start"), "permission", "Could not start web: because."],
    [500, web("start"), "unavailable", "Could not start web: because."],
    [503, web("start"), "unavailable", "Could not start web: because."],
  ] as const)("%i on %o", (...row) => {
    const [status, about, code, message] = row;
    expect(map(new StatusError(status, "because."), about)).toMatchObject({ code, message });
  });

  test("of dockerode", () => {
    const error = Object.assign(new Error("(HTTP code 404) …"), {
      statusCode: 404,
      json: { message: "No such container" },
    });
    expect(map(error)).toMatchObject({ code: "not_found" });
  });

  test("a full id is shown short", () => {
    expect(map(new StatusError(500, "x"), web("start", { name: "b".repeat(64) })).message).toBe(
      "Could not start bbbbbbbbbbbb: x",
    );
  });
});

describe("sockets and the rest", () => {
  const failing = (code: string) => Object.assign(new Error(code), { code });

  test.each([
    ["ENOENT", "unavailable"],
    ["ECONNREFUSED", "unavailable"],
    ["ECONNRESET", "unavailable"],
    ["ENOTFOUND", "unavailable"],
    ["EACCES", "permission"],
    ["EPERM", "permission"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "unavailable"],
    ["HPE_INVALID_CONSTANT", "unavailable"],
    ["EWHATEVER", "unavailable"],
  ])("%s names the endpoint", (code, expected) => {
    expect(map(failing(code))).toMatchObject({ code: expected, message: expect.stringContaining(where) });
  });

  test("deadlines, cancellation and odd answers", () => {
    expect(map(new DeadlineError(2_000))).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("within 2 s"),
    });
    expect(map(new DOMException("x", "AbortError"))).toMatchObject({ code: "cancelled" });
    expect(map(new UnexpectedAnswerError("HTML instead of JSON"))).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("HTML instead of JSON"),
    });
  });
});
