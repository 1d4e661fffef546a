import { describe, expect, test } from "vitest";
import { allowedUrl } from "./open-external.ts";

describe("allowedUrl", () => {
  test.each([
    ["https://docs.docker.com/engine/?a=b#c", "https://docs.docker.com/engine/?a=b#c"],
    ["https://EXAMPLE.com", "https://example.com/"],
    ["http://localhost:8080", "http://localhost:8080/"],
    ["http://127.0.0.1:3000/x", "http://127.0.0.1:3000/x"],
    ["http://[::1]:80/", "http://[::1]/"],
    ["http://0x7f.1:8080/", "http://127.0.0.1:8080/"],
  ])("opens %s", (text, href) => {
    expect(allowedUrl(text)).toBe(href);
  });

  test.each([
    "",
    "http://example.com/",
    "http://localhost.evil.test:8080/",
    "http://127.0.0.1.evil.test/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "smb://host/share",
    "ms-msdt:/id",
    "ms-settings:network",
    "vscode://file/x",
    "mailto:a@b.test",
    "ssh://host",
    "\\\\host\\share",
    "//host/share",
    "/etc/passwd",
    "https:\\\\host",
    "https://user@host/",
    "https://user:pass@host/",
    "https://",
    " https://host/",
    "https://ho\tst/",
    "https://host/\n",
    "java\nscript:alert(1)",
    "https://host/\u0000",
    "https://host/\u0085",
  ])("refuses %j", (text) => {
    expect(() => allowedUrl(text)).toThrow("was not opened");
  });
});
