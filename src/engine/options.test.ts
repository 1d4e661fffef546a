import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("nothing given means the desktop, any port, an opened browser and the configured engine", () => {
  expect(parseOptions([])).toEqual({ browser: false, port: 0, open: true, engine: undefined, home: undefined });
});

test("every option is read", () => {
  const args = "--browser --port 8080 --no-open --engine unix:///run/docker.sock --home /tmp/x".split(" ");
  expect(parseOptions(args)).toEqual({
    browser: true,
    port: 8080,
    open: false,
    engine: "unix:///run/docker.sock",
    home: "/tmp/x",
  });
});

test.each([
  [["--port", "http"], '"http"'],
  [["--port", "70000"], '"70000"'],
  [["--engine", "docker"], '"docker"'],
  [["--bogus"], "--bogus"],
  [["stray"], "stray"],
])("%j is refused by name", (args, named) => {
  expect(() => parseOptions(args)).toThrow(expect.objectContaining({ code: "bad_request" }));
  expect(() => parseOptions(args)).toThrow(named);
});
