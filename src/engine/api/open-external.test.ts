import { expect, test } from "vitest";
import { allowedUrl } from "./open-external.ts";

test.each([
  ["https://example.com/a?b=c#d", "https://example.com/a?b=c#d"],
  ["HTTPS://EXAMPLE.com", "https://example.com/"],
  ["http://localhost:8080/x", "http://localhost:8080/x"],
  ["http://127.0.0.1:3000", "http://127.0.0.1:3000/"],
  ["http://[::1]:80/", "http://[::1]/"],
])("%s is opened as %s", (text, href) => {
  expect(allowedUrl(text)).toBe(href);
});

test.each([
  "http://example.com",
  "http://localhost.evil.test",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "smb://host/x",
  "ms-settings:x",
  "vscode://file/x",
  "\\\\host\\share",
  "https:\\\\example.com",
  "data:text/html,x",
  "",
  "nonsense",
  "https://user:secret@example.com",
  "https://exa mple.com",
  "https://example.com/\n",
  "\u0000https://example.com",
  "https://example.com/\u202egnp",
  "https://",
  "//example.com",
  "mailto:a@b.c",
])("%j is refused", (text) => {
  expect(() => allowedUrl(text)).toThrow(/was not opened/);
});
